-- A log has one digest algorithm, declared when its first entry is written, and for ever.
create table ledger_log (
  one boolean primary key default true check (one),
  digest text not null check (digest in ('sha256', 'sm3'))
);
insert into ledger_log (digest) select 'sha256' where exists (select 1 from ledger_entry) or exists (select 1 from ledger_leaf);
create trigger log_immutable before update or delete on ledger_log for each row execute function ledger_immutable();

-- Signing keys that replaced others: number 1 is the first one; `entry` is the number in the stream `centre` that states it.
create table ledger_key (
  role text not null,
  name text not null,
  number integer not null,
  vkey text not null,
  entry bigint not null,
  primary key (role, name, number)
);
create trigger key_immutable before update or delete on ledger_key for each row execute function ledger_immutable();

create function ledger_declare(p_digest text) returns void language plpgsql as $f$
declare d text;
begin
  select digest into d from ledger_log;
  if not found then
    insert into ledger_log (digest) values (p_digest) on conflict do nothing;
    select digest into strict d from ledger_log;
  end if;
  if d <> p_digest then
    raise exception 'this log has % digests, not %', d, p_digest using errcode = 'object_not_in_prerequisite_state';
  end if;
end $f$;

-- Where the database cannot hash (SM3), the client does, between these two, while the chain is locked.
create function ledger_next(p_stream text, p_digest text, out o_number bigint, out o_head bytea) language plpgsql as $f$
begin
  perform ledger_declare(p_digest);
  select number + 1, head into o_number, o_head from ledger_chain where stream = p_stream for no key update;
  if not found then
    insert into ledger_chain (stream) values (p_stream) on conflict do nothing;
    select number + 1, head into strict o_number, o_head from ledger_chain where stream = p_stream for no key update;
  end if;
end $f$;

create function ledger_put(p_stream text, p_number bigint, p_sealed boolean, p_text text, p_digest bytea, p_box bytea)
returns void language plpgsql as $f$
begin
  insert into ledger_entry values (p_stream, p_number, p_text, p_digest);
  if p_box is not null then insert into ledger_hidden values (p_stream, p_number, p_box); end if;
  insert into ledger_unplaced (stream, number, digest, sealed) values (p_stream, p_number, p_digest, p_sealed);
  update ledger_chain set number = p_number, head = p_digest where stream = p_stream;
end $f$;

-- The same in one round trip, where the database can hash (SHA-256).
create or replace function ledger_append(p_stream text, p_sealed boolean, p_before text, p_after text, p_box bytea,
                                         out o_number bigint, out o_digest bytea, out o_text text) language plpgsql as $f$
declare h bytea;
begin
  if not exists (select 1 from ledger_log where digest = 'sha256') then perform ledger_declare('sha256'); end if;
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
