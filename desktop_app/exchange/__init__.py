"""The one file that travels: cards, containers, bags, payloads and receipts (help page "pack-format")."""
