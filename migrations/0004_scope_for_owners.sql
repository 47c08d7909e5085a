-- The scope holds for the tables' owner, too, where the setting askline.video_ids is there: a login that may not take the
-- role askline_reader is often the owner. Without the setting it sees and writes everything, as before.
ALTER TABLE db_event FORCE ROW LEVEL SECURITY;
ALTER TABLE db_video FORCE ROW LEVEL SECURITY;
