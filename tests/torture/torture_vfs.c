/* A disk between SQLite and the real one that writes down what was asked of it and fails when told to.
 *
 * A loadable extension: SQLite itself, the one inside sqlcipher3 that the program uses, calls it for every file. The few
 * declarations of SQLite's stable interface that are needed stand here, so that only a C compiler is required.
 *
 * Every write, truncation, sync, creation, deletion and directory sync goes into one list in memory, in the order in
 * which it happened; `torture_note` adds what the program does to other files. `torture_arm` makes the k-th call fail,
 * once or for good. tests/torture/torture_disk.py reads the list and builds the disks that a power cut may leave behind.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef long long i64;
typedef struct file file;
typedef struct vfs vfs;
typedef struct {
    int version;
    int (*close)(file *);
    int (*read)(file *, void *, int, i64);
    int (*write)(file *, const void *, int, i64);
    int (*truncate)(file *, i64);
    int (*sync)(file *, int);
    int (*size)(file *, i64 *);
    int (*lock)(file *, int);
    int (*unlock)(file *, int);
    int (*reserved)(file *, int *);
    int (*control)(file *, int, void *);
    int (*sector)(file *);
    int (*device)(file *);
} methods;
struct file {
    const methods *methods;
};
struct vfs {
    int version, file_size, longest_path;
    vfs *next;
    const char *name;
    void *data;
    int (*open)(vfs *, const char *, file *, int, int *);
    int (*delete)(vfs *, const char *, int);
    int (*access)(vfs *, const char *, int, int *);
    int (*full)(vfs *, const char *, int, char *);
    void *(*dl_open)(vfs *, const char *);
    void (*dl_error)(vfs *, int, char *);
    void (*(*dl_sym)(vfs *, void *, const char *))(void);
    void (*dl_close)(vfs *, void *);
    int (*randomness)(vfs *, int, char *);
    int (*sleep)(vfs *, int);
    int (*time)(vfs *, double *);
    int (*last_error)(vfs *, int, char *);
    int (*time64)(vfs *, i64 *);
};
typedef struct {
    file base;
    char *path;        /* NULL for a temporary file, which no power cut leaves behind */
    int folder_unsynced; /* a journal's first sync also syncs its folder, as SQLite's own code for Unix does */
    file *real;
} ours;

enum { CREATE = 1, WRITE, TRUNCATE, SYNC, DELETE, FOLDER_SYNC, RENAME, MAKE_FOLDER, TOLD, READ, OPEN, SIZE };
enum { FULL = 13, READONLY = 8, CANTOPEN = 14, IOERR = 10 };
enum { OPEN_READONLY = 0x1, OPEN_READWRITE = 0x2, OPEN_CREATE = 0x4, OPEN_DELETE_ON_CLOSE = 0x8, OPEN_JOURNALS = 0x800 | 0x4000 | 0x80000 };

static vfs *real_vfs;
static vfs our_vfs;
static int (*register_vfs)(vfs *, int);

/* ---- what happened --------------------------------------------------------------------------------------------- */

static struct {
    char *bytes;
    size_t used, room;
    int on;
} list;

static void put(const void *from, size_t length) {
    if (list.used + length > list.room) {
        list.room = (list.used + length) * 2;
        list.bytes = realloc(list.bytes, list.room);
        if (!list.bytes) abort();
    }
    memcpy(list.bytes + list.used, from, length);
    list.used += length;
}

void torture_note(int kind, const char *path, i64 offset, const void *data, i64 length) {
    if (!list.on || !path) return;
    i64 head[4] = {kind, (i64)strlen(path), offset, length};
    put(head, sizeof head);
    put(path, (size_t)head[1]);
    if (length) put(data, (size_t)length);
}

void torture_record(int on) {
    list.on = on;
    if (on) list.used = 0;
}

const char *torture_list(i64 *length) {
    *length = (i64)list.used;
    return list.bytes;
}

/* ---- what fails ------------------------------------------------------------------------------------------------ */

static struct {
    i64 calls, at;
    int for_good, error, failed;
} fault;

void torture_arm(i64 at, int for_good, int error) {
    fault.calls = 0;
    fault.at = at;
    fault.for_good = for_good;
    fault.error = error;
    fault.failed = 0;
}

/* As long as this is set nothing can be written or created; what is there is opened for reading, as SQLite itself does. */
static int read_only;

void torture_read_only(int on) { read_only = on; }

i64 torture_calls(void) { return fault.calls; }
int torture_failed(void) { return fault.failed; }

/* A full or write-protected disk can still be read and emptied; a broken one can do nothing; where permission is lost,
 * nothing is opened, named or deleted. */
static int concerns(int kind) {
    if (fault.error == EIO) return 1;
    if (fault.error == ENOSPC) return kind == WRITE || kind == CREATE || kind == MAKE_FOLDER || kind == RENAME;
    if (fault.error == EACCES && (kind == WRITE || kind == TRUNCATE)) return 0; /* what is open stays open */
    return kind != READ && kind != SIZE && kind != SYNC && kind != FOLDER_SYNC;
}

/* One call: answers the error number when it is to fail, else 0. */
int torture_step(int kind) {
    if (!fault.error || !concerns(kind)) return 0;
    fault.calls++;
    if (!fault.at || fault.calls < fault.at || (fault.calls > fault.at && !fault.for_good)) return 0;
    fault.failed = 1;
    return fault.error;
}

static int code(int detail) {
    if (fault.error == ENOSPC) return FULL;
    if (fault.error != EIO) return READONLY;
    return IOERR | detail << 8;
}

/* ---- one file -------------------------------------------------------------------------------------------------- */

#define REAL(f) (((ours *)(f))->real)

static int f_close(file *f) {
    int done = REAL(f)->methods->close(REAL(f));
    free(((ours *)f)->path);
    return done;
}
static int f_read(file *f, void *to, int n, i64 at) {
    if (torture_step(READ)) return code(1);
    return REAL(f)->methods->read(REAL(f), to, n, at);
}
static int f_write(file *f, const void *from, int n, i64 at) {
    if (torture_step(WRITE)) { /* a disk that fills or breaks takes the first part */
        if (fault.error == ENOSPC || fault.error == EIO) REAL(f)->methods->write(REAL(f), from, n / 2, at);
        return code(3);
    }
    int done = REAL(f)->methods->write(REAL(f), from, n, at);
    if (!done) torture_note(WRITE, ((ours *)f)->path, at, from, n);
    return done;
}
static int f_truncate(file *f, i64 size) {
    if (torture_step(TRUNCATE)) return code(6);
    int done = REAL(f)->methods->truncate(REAL(f), size);
    if (!done) torture_note(TRUNCATE, ((ours *)f)->path, size, 0, 0);
    return done;
}
static int f_sync(file *f, int flags) {
    ours *o = (ours *)f;
    if (torture_step(SYNC)) return code(4);
    int done = o->real->methods->sync(o->real, flags);
    if (!done) {
        torture_note(SYNC, o->path, 0, 0, 0);
        if (o->folder_unsynced) torture_note(FOLDER_SYNC, o->path, 0, 0, 0);
        o->folder_unsynced = 0;
    }
    return done;
}
static int f_size(file *f, i64 *size) {
    if (torture_step(SIZE)) return code(7);
    return REAL(f)->methods->size(REAL(f), size);
}
static int f_lock(file *f, int level) { return REAL(f)->methods->lock(REAL(f), level); }
static int f_unlock(file *f, int level) { return REAL(f)->methods->unlock(REAL(f), level); }
static int f_reserved(file *f, int *out) { return REAL(f)->methods->reserved(REAL(f), out); }
static int f_control(file *f, int op, void *arg) { return REAL(f)->methods->control(REAL(f), op, arg); }
static int f_sector(file *f) { return REAL(f)->methods->sector(REAL(f)); }
static int f_device(file *f) { return REAL(f)->methods->device(REAL(f)); }

static const methods our_methods = {1,      f_close, f_read,     f_write,   f_truncate, f_sync,  f_size,
                                    f_lock, f_unlock, f_reserved, f_control, f_sector,   f_device};

/* ---- the disk -------------------------------------------------------------------------------------------------- */

static int v_open(vfs *v, const char *path, file *f, int flags, int *out) {
    ours *o = (ours *)f;
    (void)v;
    o->base.methods = 0;
    int named = path && !(flags & OPEN_DELETE_ON_CLOSE);
    int created = named && (flags & OPEN_CREATE) && access(path, F_OK) != 0;
    if (torture_step(created ? CREATE : OPEN)) return CANTOPEN;
    if (read_only && named) {
        if (created) return CANTOPEN;
        flags = (flags & ~(OPEN_READWRITE | OPEN_CREATE)) | OPEN_READONLY;
    }
    o->real = (file *)(o + 1);
    o->path = 0;
    o->folder_unsynced = created && (flags & OPEN_JOURNALS);
    int done = real_vfs->open(real_vfs, path, o->real, flags, out);
    if (o->real->methods) o->base.methods = &our_methods;
    if (done) return done;
    if (named) o->path = strdup(path);
    if (created) torture_note(CREATE, path, 0, 0, 0);
    return done;
}
static int v_delete(vfs *v, const char *path, int sync_folder) {
    (void)v;
    if (torture_step(DELETE)) return code(10);
    if (read_only) return READONLY;
    int done = real_vfs->delete(real_vfs, path, sync_folder);
    if (!done) {
        torture_note(DELETE, path, 0, 0, 0);
        if (sync_folder && torture_step(FOLDER_SYNC)) return code(5); /* gone, but for how long is not known */
        if (sync_folder) torture_note(FOLDER_SYNC, path, 0, 0, 0);
    }
    return done;
}
static int v_access(vfs *v, const char *p, int f, int *out) { (void)v; return real_vfs->access(real_vfs, p, f, out); }
static int v_full(vfs *v, const char *p, int n, char *out) { (void)v; return real_vfs->full(real_vfs, p, n, out); }
static void *v_dl_open(vfs *v, const char *p) { (void)v; return real_vfs->dl_open(real_vfs, p); }
static void v_dl_error(vfs *v, int n, char *out) { (void)v; real_vfs->dl_error(real_vfs, n, out); }
static void (*v_dl_sym(vfs *v, void *h, const char *s))(void) { (void)v; return real_vfs->dl_sym(real_vfs, h, s); }
static void v_dl_close(vfs *v, void *h) { (void)v; real_vfs->dl_close(real_vfs, h); }
static int v_randomness(vfs *v, int n, char *out) { (void)v; return real_vfs->randomness(real_vfs, n, out); }
static int v_sleep(vfs *v, int us) { (void)v; return real_vfs->sleep(real_vfs, us); }
static int v_time(vfs *v, double *out) { (void)v; return real_vfs->time(real_vfs, out); }
static int v_last_error(vfs *v, int n, char *out) { (void)v; return real_vfs->last_error(real_vfs, n, out); }
static int v_time64(vfs *v, i64 *out) { (void)v; return real_vfs->time64(real_vfs, out); }

/* Stand in for the disk of every connection opened from now on, or no longer. */
int torture_stand_in(int on) { return register_vfs(on ? &our_vfs : real_vfs, 1); }

int torture_install(void *find, void *enrol) {
    if (real_vfs) return 0;
    vfs *(*find_vfs)(const char *) = (vfs * (*)(const char *)) find;
    register_vfs = (int (*)(vfs *, int))enrol;
    real_vfs = find_vfs(0);
    our_vfs = (vfs){.version = 2,
                    .file_size = (int)sizeof(ours) + real_vfs->file_size,
                    .longest_path = real_vfs->longest_path,
                    .name = "torture",
                    .open = v_open,
                    .delete = v_delete,
                    .access = v_access,
                    .full = v_full,
                    .dl_open = v_dl_open,
                    .dl_error = v_dl_error,
                    .dl_sym = v_dl_sym,
                    .dl_close = v_dl_close,
                    .randomness = v_randomness,
                    .sleep = v_sleep,
                    .time = v_time,
                    .last_error = v_last_error,
                    .time64 = v_time64};
    return register_vfs(&our_vfs, 0);
}

/* The table of functions SQLite hands to an extension only ever grows at its end; these places are fixed for good. */
enum { PLACE_VFS_FIND = 141, PLACE_VFS_REGISTER = 142 };

int sqlite3_extension_init(void *database, char **error, void *const *functions) {
    (void)database;
    (void)error;
    torture_install(functions[PLACE_VFS_FIND], functions[PLACE_VFS_REGISTER]);
    return 256; /* SQLITE_OK_LOAD_PERMANENTLY */
}
