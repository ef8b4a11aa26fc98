-- What tells whether there is anything new to collect.

ALTER TABLE run ADD COLUMN source_state VARCHAR;
COMMENT ON COLUMN run.source_state IS 'A hash of what GitHub listed when this was collected in full; null for folders, and where something could not be asked';
COMMENT ON COLUMN identity.source IS 'Why the address is taken for the candidate''s: github, noreply_id, noreply_login, given, repository_config';
