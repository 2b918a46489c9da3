-- Redshift does not change a column's type. The rows go, too: they are loaded anew.
ALTER TABLE {changes} DROP COLUMN {column};
ALTER TABLE {current} DROP COLUMN {column};
