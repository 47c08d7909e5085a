-- The row scope, held by the database too. Queries run as askline_reader, and each says whose rows it may see in the
-- setting askline.video_ids, for its transaction alone: numbers with commas, or * for all of them.
-- That role sees nothing without it; anybody else sees what the tables' grants allow, as before, unless the setting is
-- there. The policies name the role in their conditions, so that they can be made (and restored) where it does not exist.
-- The conditions stand in subqueries, so that they are worked out once a statement and not for each row.

ALTER TABLE db_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE db_video ENABLE ROW LEVEL SECURITY;

CREATE POLICY askline_everybody ON db_event USING (true) WITH CHECK (true);
CREATE POLICY askline_everybody ON db_video USING (true) WITH CHECK (true);

CREATE POLICY askline_scope ON db_event AS RESTRICTIVE FOR SELECT USING (
    (SELECT CASE coalesce(current_setting('askline.video_ids', true), '')
                WHEN '' THEN current_user <> 'askline_reader'
                ELSE current_setting('askline.video_ids', true) = '*'
            END)
    OR video_id = ANY ((SELECT string_to_array(
        nullif(nullif(current_setting('askline.video_ids', true), '*'), ''), ',')::bigint[])::bigint[])
);

CREATE POLICY askline_scope ON db_video AS RESTRICTIVE FOR SELECT USING (
    (SELECT CASE coalesce(current_setting('askline.video_ids', true), '')
                WHEN '' THEN current_user <> 'askline_reader'
                ELSE current_setting('askline.video_ids', true) = '*'
            END)
    OR video_id = ANY ((SELECT string_to_array(
        nullif(nullif(current_setting('askline.video_ids', true), '*'), ''), ',')::bigint[])::bigint[])
);
