-- Grain: as before; each document says which of its fields a person decided. NULL where none, as for all of before.
ALTER TABLE documents ADD COLUMN by_hand VARCHAR[];
ALTER TABLE former_documents ADD COLUMN by_hand VARCHAR[];
