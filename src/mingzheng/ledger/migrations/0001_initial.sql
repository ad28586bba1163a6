-- Streams: one hash chain each. An entry's digest is the next entry's `previous` and the RFC 6962 leaf hash at once.
create table ledger_chain (
  stream text primary key,
  number bigint not null default 0,
  head bytea not null default decode(repeat('00', 32), 'hex')
) with (fillfactor = 20);

create table ledger_entry (
  stream text not null,
  number bigint not null,
  text text not null,
  digest bytea not null,
  primary key (stream, number)
);

-- What a sealed entry commits to (salt and inner text), encrypted under the vault's key.
create table ledger_hidden (
  stream text not null,
  number bigint not null,
  box bytea not null,
  primary key (stream, number)
);

-- Filled under the chain lock in the same transaction; emptied by the one sequencer. Never a bare sequence: that loses rows.
create table ledger_unplaced (
  id bigint generated always as identity primary key,
  stream text not null,
  number bigint not null,
  digest bytea not null,
  sealed boolean not null
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);

-- The inner order of all entries, gapless, followed by readers and reactions; never shown to anybody.
create table ledger_order (
  seq bigint primary key,
  stream text not null,
  number bigint not null,
  unique (stream, number)
);

-- The platform log: public entries and one cell a tick.
create table ledger_leaf (
  position bigint primary key,
  digest bytea not null,
  stream text,
  number bigint,
  cell text,
  unique (stream, number)
);
create index ledger_leaf_digest on ledger_leaf (digest);

-- Sealed entries waiting for the next tick, then their places inside its cell.
create table ledger_waiting (seq bigint primary key, stream text not null, number bigint not null, digest bytea not null);
create table ledger_cell_place (
  stream text not null,
  number bigint not null,
  tick bigint not null,
  position bigint not null,
  slot integer not null,
  path bytea not null,
  primary key (stream, number)
);

create table ledger_tile (level smallint not null, index bigint not null, hashes bytea not null, primary key (level, index));
create table ledger_tree (
  one boolean primary key default true check (one),
  size bigint not null default 0,
  seq bigint not null default 0,
  tick bigint not null default 0,
  ticked_at double precision not null default 0,
  frontier bytea not null default ''
);
insert into ledger_tree default values;
create table ledger_checkpoint (
  size bigint primary key,
  note text not null,
  at timestamptz not null,
  cosigned text[] not null default '{}'
);

-- Idempotency: one row an act, inserted first, so that a double click waits for the first click and gets its answer.
create table ledger_done (key text primary key, act text not null, at timestamptz not null, result bytea);

create table ledger_cursor (reader text primary key, seq bigint not null default 0);
create table ledger_task (
  reaction text not null,
  seq bigint not null,
  stream text not null,
  tries integer not null default 0,
  next_try timestamptz not null default '-infinity',
  error text not null default '',
  primary key (reaction, seq)
);
create index ledger_task_stream on ledger_task (reaction, stream, seq);

-- How many refusals of one kind a person had lately; beyond the limit they are counted, not written one by one.
create table ledger_refusal_rate (tag text primary key, since timestamptz not null, recorded integer not null, suppressed integer not null);

create function ledger_lock(p_streams text[]) returns void language plpgsql as $f$
declare s text;
begin
  foreach s in array p_streams loop
    perform 1 from ledger_chain where stream = s for no key update;
    if not found then
      insert into ledger_chain (stream) values (s) on conflict do nothing;
      perform 1 from ledger_chain where stream = s for no key update;
    end if;
  end loop;
end $f$;

create function ledger_append(p_stream text, p_sealed boolean, p_before text, p_after text, p_box bytea,
                              out o_number bigint, out o_digest bytea, out o_text text) language plpgsql as $f$
declare h bytea;
begin
  select number + 1, head into o_number, h from ledger_chain where stream = p_stream for no key update;
  if not found then
    insert into ledger_chain (stream) values (p_stream) on conflict do nothing;
    select number + 1, head into strict o_number, h from ledger_chain where stream = p_stream for no key update;
  end if;
  o_text := '{' || p_before || ',"number":' || o_number || ',"previous":"sha256:' || encode(h, 'hex') || '",' || p_after || '}';
  o_digest := sha256('\x00'::bytea || convert_to(o_text, 'UTF8'));
  insert into ledger_entry values (p_stream, o_number, o_text, o_digest);
  if p_box is not null then insert into ledger_hidden values (p_stream, o_number, p_box); end if;
  insert into ledger_unplaced (stream, number, digest, sealed) values (p_stream, o_number, o_digest, p_sealed);
  update ledger_chain set number = o_number, head = o_digest where stream = p_stream;
end $f$;

create function ledger_immutable() returns trigger language plpgsql as $f$
begin
  raise exception 'the ledger is append-only (%)', tg_table_name using errcode = 'integrity_constraint_violation';
end $f$;
create trigger entry_immutable before update or delete on ledger_entry for each row execute function ledger_immutable();
create trigger leaf_immutable before update or delete on ledger_leaf for each row execute function ledger_immutable();
create trigger entry_not_truncated before truncate on ledger_entry for each statement execute function ledger_immutable();
