-- A round of the sequencer in two calls: on a busy machine every further one waits its turn behind all appenders.

-- Take what waits, in its order, and give it its places. In READ COMMITTED each statement of a volatile function has a
-- snapshot of its own, so that of the delete is younger than the lock. Answers the tree as it was and the new leaves.
create function ledger_place(
  p_lock bigint, p_limit bigint,
  out o_size bigint, out o_seq bigint, out o_tick bigint, out o_ticked_at double precision, out o_frontier bytea,
  out o_rotated boolean, out o_placed bigint, out o_leaves bytea
) language plpgsql volatile as $f$
begin
  perform pg_advisory_xact_lock(p_lock);  -- one sequencer at a time, released with its transaction
  select size, seq, tick, ticked_at, frontier into strict o_size, o_seq, o_tick, o_ticked_at, o_frontier from ledger_tree;
  o_rotated := exists (select from ledger_key where role = 'log');
  with taken as (
    delete from ledger_unplaced where id = any (array(select id from ledger_unplaced order by id limit p_limit))
    returning id, stream, number, digest, sealed
  ), ordered as (
    select o_seq + row_number() over (order by id) as seq, stream, number, digest, sealed from taken
  ), leaves as (
    select o_size - 1 + row_number() over (order by seq) as position, digest, stream, number from ordered where not sealed
  ), followed as (
    insert into ledger_order (seq, stream, number) select seq, stream, number from ordered
  ), waiting as (
    insert into ledger_waiting (seq, stream, number, digest) select seq, stream, number, digest from ordered where sealed
  ), placed as (
    insert into ledger_leaf (position, digest, stream, number) select position, digest, stream, number from leaves
  )
  select (select count(*) from ordered), (select coalesce(string_agg(digest, ''::bytea order by position), ''::bytea) from leaves)
  into o_placed, o_leaves;
end $f$;

-- The tree with these leaves: what is added to its tiles, its size and frontier, and the signed checkpoint if it grew.
create function ledger_grow(
  p_digest text, p_levels smallint[], p_tiles bigint[], p_hashes bytea[],
  p_size bigint, p_seq bigint, p_tick bigint, p_ticked_at double precision, p_frontier bytea, p_note text, p_at timestamptz
) returns void language plpgsql as $f$
begin
  perform ledger_declare(p_digest);
  insert into ledger_tile as t (level, index, hashes) select * from unnest(p_levels, p_tiles, p_hashes)
  on conflict (level, index) do update set hashes = t.hashes || excluded.hashes;
  update ledger_tree set size = p_size, seq = p_seq, tick = p_tick, ticked_at = p_ticked_at, frontier = p_frontier;
  if p_note is not null then
    insert into ledger_checkpoint (size, note, at) values (p_size, p_note, p_at) on conflict do nothing;
  end if;
end $f$;
