ALTER TABLE {changes} ADD COLUMN {column} {type};
ALTER TABLE {current} ADD COLUMN {column} {type};
