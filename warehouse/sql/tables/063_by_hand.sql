-- Grain: one row per document, as before; each says which of its fields a person decided. NULL where none.
ALTER TABLE documents ADD COLUMN by_hand VARCHAR[];
ALTER TABLE former_documents ADD COLUMN by_hand VARCHAR[];
