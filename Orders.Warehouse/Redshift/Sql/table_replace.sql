-- Days whose files were replaced by others with other rows. They are loaded whole.
INSERT INTO touched_keys SELECT DISTINCT c._key FROM {changes} c JOIN replaced_days d ON d.day = c.day WHERE c._key IS NOT NULL;
DELETE FROM {changes} USING replaced_days WHERE {changes}.day = replaced_days.day;
