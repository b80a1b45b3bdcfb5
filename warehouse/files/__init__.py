"""The files of a warehouse: where they lie, who may write, what readers open."""
