-- One store, three faces: Graph and SharePoint REST read and write the same rows.
-- Times are ISO 8601 UTC text with a Z; JSON columns hold UTF-8 JSON; GUIDs are lower case without braces.
PRAGMA journal_mode = WAL;

CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);          -- JSON value
CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL);

-- Directory
CREATE TABLE IF NOT EXISTS app (
  app_id TEXT PRIMARY KEY, name TEXT UNIQUE NOT NULL, secret TEXT, certificate_pem TEXT, key_path TEXT,
  graph_roles TEXT NOT NULL DEFAULT '[]', sharepoint_roles TEXT NOT NULL DEFAULT '[]');
-- What an app trusts besides its own certificate: tokens of another issuer for one subject.
CREATE TABLE IF NOT EXISTS federated_credential (
  id TEXT PRIMARY KEY, app_id TEXT NOT NULL, issuer TEXT NOT NULL, subject TEXT NOT NULL, audience TEXT NOT NULL, public_key_pem TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS user (
  id TEXT PRIMARY KEY, upn TEXT UNIQUE NOT NULL COLLATE NOCASE, display_name TEXT NOT NULL, mail TEXT,
  enabled INTEGER NOT NULL DEFAULT 1, guest INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS entra_group (
  id TEXT PRIMARY KEY, display_name TEXT NOT NULL, mail_nickname TEXT, unified INTEGER NOT NULL DEFAULT 0, doc TEXT NOT NULL DEFAULT '{}');
CREATE TABLE IF NOT EXISTS entra_group_member (group_id TEXT NOT NULL, member_id TEXT NOT NULL, owner INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (group_id, member_id, owner));

-- Sites. id is the site collection guid, web_id the web guid; path is "/sites/acme" ("" for the root site).
CREATE TABLE IF NOT EXISTS site (
  id TEXT PRIMARY KEY, web_id TEXT NOT NULL, path TEXT UNIQUE NOT NULL COLLATE NOCASE, title TEXT NOT NULL, description TEXT NOT NULL DEFAULT '',
  template TEXT NOT NULL, lcid INTEGER NOT NULL DEFAULT 1033, time_zone TEXT NOT NULL DEFAULT 'UTC', created TEXT NOT NULL, modified TEXT NOT NULL,
  owner TEXT, ready_at TEXT NOT NULL, welcome_page TEXT NOT NULL DEFAULT '', doc TEXT NOT NULL DEFAULT '{}');
CREATE TABLE IF NOT EXISTS site_operation (id TEXT PRIMARY KEY, site_id TEXT NOT NULL, created TEXT NOT NULL, ready_at TEXT NOT NULL, error TEXT);
CREATE TABLE IF NOT EXISTS deleted_site (path TEXT PRIMARY KEY COLLATE NOCASE, id TEXT NOT NULL, at TEXT NOT NULL); -- the address stays taken
CREATE TABLE IF NOT EXISTS app_grant (id TEXT PRIMARY KEY, site_id TEXT NOT NULL, list_id TEXT, app_id TEXT NOT NULL, role TEXT NOT NULL); -- Sites.Selected

-- Structure. doc holds every further property under its SharePoint REST name.
CREATE TABLE IF NOT EXISTS list (
  id TEXT PRIMARY KEY, site_id TEXT NOT NULL, title TEXT NOT NULL COLLATE NOCASE, url TEXT NOT NULL COLLATE NOCASE, -- server-relative, "/sites/acme/Lists/Risks"
  template INTEGER NOT NULL, hidden INTEGER NOT NULL DEFAULT 0, system INTEGER NOT NULL DEFAULT 0, drive_id TEXT,
  unique_permissions INTEGER NOT NULL DEFAULT 0, created TEXT NOT NULL, modified TEXT NOT NULL, next_item INTEGER NOT NULL DEFAULT 1,
  deleted INTEGER NOT NULL DEFAULT 0, doc TEXT NOT NULL DEFAULT '{}');
CREATE TABLE IF NOT EXISTS field (
  id TEXT NOT NULL, site_id TEXT NOT NULL, list_id TEXT NOT NULL DEFAULT '',   -- '' = site column
  internal_name TEXT NOT NULL COLLATE NOCASE, title TEXT NOT NULL, type TEXT NOT NULL,             -- TypeAsString: Text, Note, Choice, MultiChoice, User, UserMulti, Lookup, LookupMulti…
  builtin INTEGER NOT NULL DEFAULT 0, doc TEXT NOT NULL DEFAULT '{}', position INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (site_id, list_id, id));
CREATE UNIQUE INDEX IF NOT EXISTS field_name ON field (site_id, list_id, internal_name);
CREATE INDEX IF NOT EXISTS field_list ON field (list_id, position);
CREATE TABLE IF NOT EXISTS content_type (
  id TEXT NOT NULL COLLATE NOCASE, site_id TEXT NOT NULL, list_id TEXT NOT NULL DEFAULT '', name TEXT NOT NULL, description TEXT NOT NULL DEFAULT '',
  group_name TEXT NOT NULL DEFAULT '', parent_id TEXT NOT NULL DEFAULT '', hidden INTEGER NOT NULL DEFAULT 0, sealed INTEGER NOT NULL DEFAULT 0,
  position INTEGER NOT NULL DEFAULT 0, doc TEXT NOT NULL DEFAULT '{}', PRIMARY KEY (site_id, list_id, id));
CREATE TABLE IF NOT EXISTS content_type_field (site_id TEXT NOT NULL, list_id TEXT NOT NULL DEFAULT '', content_type_id TEXT NOT NULL COLLATE NOCASE, field_id TEXT NOT NULL, position INTEGER NOT NULL, required INTEGER NOT NULL DEFAULT 0, hidden INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (site_id, list_id, content_type_id, field_id));
CREATE TABLE IF NOT EXISTS view (
  id TEXT PRIMARY KEY, list_id TEXT NOT NULL, title TEXT NOT NULL, position INTEGER NOT NULL DEFAULT 0, fields TEXT NOT NULL DEFAULT '[]', doc TEXT NOT NULL DEFAULT '{}');
CREATE INDEX IF NOT EXISTS view_list ON view (list_id, position);
CREATE TABLE IF NOT EXISTS navigation_node (
  id INTEGER NOT NULL, site_id TEXT NOT NULL, bar TEXT NOT NULL, parent_id INTEGER NOT NULL DEFAULT 0, title TEXT NOT NULL, url TEXT NOT NULL,
  external INTEGER NOT NULL DEFAULT 0, position INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (site_id, id));

-- Content. A file is an item of a document library; a folder too.
CREATE TABLE IF NOT EXISTS item (
  list_id TEXT NOT NULL, id INTEGER NOT NULL, guid TEXT NOT NULL, version INTEGER NOT NULL DEFAULT 1, -- moves with every change: the ETag
  content_version INTEGER NOT NULL DEFAULT 1,                                                          -- moves with content only: the cTag
  content_type_id TEXT NOT NULL, fields TEXT NOT NULL DEFAULT '{}',  -- internal name -> stored value; user and lookup values as ids, multi as arrays, dates ISO
  author INTEGER NOT NULL DEFAULT 0, editor INTEGER NOT NULL DEFAULT 0, created TEXT NOT NULL, modified TEXT NOT NULL,
  kind TEXT NOT NULL DEFAULT 'item',                                   -- item, file, folder
  name TEXT, parent_path TEXT NOT NULL DEFAULT '', size INTEGER NOT NULL DEFAULT 0, hash TEXT, blob TEXT, mime TEXT,
  checked_out INTEGER NOT NULL DEFAULT 0, locked_until TEXT, moderation INTEGER NOT NULL DEFAULT 0, settles_at TEXT,
  unique_permissions INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (list_id, id));
CREATE INDEX IF NOT EXISTS item_guid ON item (guid);
CREATE INDEX IF NOT EXISTS item_place ON item (list_id, parent_path COLLATE NOCASE, name COLLATE NOCASE) WHERE kind <> 'item';
CREATE INDEX IF NOT EXISTS item_folder ON item (list_id) WHERE kind = 'folder';
CREATE INDEX IF NOT EXISTS item_own_permissions ON item (list_id) WHERE unique_permissions = 1;
CREATE TABLE IF NOT EXISTS item_version (
  list_id TEXT NOT NULL, item_id INTEGER NOT NULL, label TEXT NOT NULL, position INTEGER NOT NULL, modified TEXT NOT NULL, editor INTEGER NOT NULL,
  size INTEGER NOT NULL, hash TEXT, blob TEXT, fields TEXT NOT NULL, moderation INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (list_id, item_id, position));
CREATE TABLE IF NOT EXISTS blob (digest TEXT PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS change (seq INTEGER PRIMARY KEY AUTOINCREMENT, list_id TEXT NOT NULL, item_id INTEGER NOT NULL, guid TEXT NOT NULL, kind TEXT NOT NULL, at TEXT NOT NULL); -- feeds delta
CREATE INDEX IF NOT EXISTS change_list ON change (list_id, seq);
CREATE TABLE IF NOT EXISTS upload_session (id TEXT PRIMARY KEY, doc TEXT NOT NULL, data BLOB NOT NULL DEFAULT x'');

-- Security. Site users and site groups share one id space per site.
CREATE TABLE IF NOT EXISTS principal (
  site_id TEXT NOT NULL, id INTEGER NOT NULL, type INTEGER NOT NULL,  -- 1 user, 4 Entra security group, 8 SharePoint group
  login TEXT NOT NULL COLLATE NOCASE, title TEXT NOT NULL, email TEXT NOT NULL DEFAULT '', doc TEXT NOT NULL DEFAULT '{}', PRIMARY KEY (site_id, id));
CREATE TABLE IF NOT EXISTS group_member (site_id TEXT NOT NULL, group_id INTEGER NOT NULL, principal_id INTEGER NOT NULL, PRIMARY KEY (site_id, group_id, principal_id));
CREATE TABLE IF NOT EXISTS role_definition (site_id TEXT NOT NULL, id INTEGER NOT NULL, name TEXT NOT NULL COLLATE NOCASE, description TEXT NOT NULL DEFAULT '', kind INTEGER NOT NULL, high INTEGER NOT NULL, low INTEGER NOT NULL, hidden INTEGER NOT NULL DEFAULT 0, position INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (site_id, id));
CREATE TABLE IF NOT EXISTS role_assignment (
  site_id TEXT NOT NULL, scope TEXT NOT NULL,                          -- 'web', 'list:<guid>', 'item:<list guid>:<id>'
  principal_id INTEGER NOT NULL, role_id INTEGER NOT NULL, PRIMARY KEY (site_id, scope, principal_id, role_id));

-- What was sent
CREATE TABLE IF NOT EXISTS outbox (seq INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, at TEXT NOT NULL, doc TEXT NOT NULL);

-- Signing in as a person; times are seconds of the real clock, as tokens live by it
CREATE TABLE IF NOT EXISTS device_code (
  code TEXT PRIMARY KEY, user_code TEXT UNIQUE NOT NULL, app_id TEXT NOT NULL, scope TEXT NOT NULL, expires REAL NOT NULL,
  upn TEXT, state TEXT NOT NULL DEFAULT 'pending');                    -- pending, approved, declined, redeemed
CREATE TABLE IF NOT EXISTS refresh_token (digest TEXT PRIMARY KEY, app_id TEXT NOT NULL, upn TEXT NOT NULL, expires REAL NOT NULL);

-- A site page is a file of the pages library; doc holds its layout. Sharing, copies and webhooks.
CREATE TABLE IF NOT EXISTS page (guid TEXT PRIMARY KEY, site_id TEXT NOT NULL, doc TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS sharing (id TEXT PRIMARY KEY, list_id TEXT NOT NULL, item_id INTEGER NOT NULL, doc TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS copy_operation (id TEXT PRIMARY KEY, ready_at TEXT NOT NULL, doc TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS subscription (
  id TEXT PRIMARY KEY, face TEXT NOT NULL, site_id TEXT NOT NULL, list_id TEXT NOT NULL, app_id TEXT NOT NULL, expires TEXT NOT NULL,
  doc TEXT NOT NULL);
