-- What a set of things went into (forward), one row a step of the walk:
--   side 1  item: a thing that was reached through entry (null: where the walk began)
--   side 0  entry: it used item (a transformation), or put it into something where it still is
--   side 3  entry: part of a transformation told in several events; item is its mark
-- See reach.sql for the rest.
with recursive reach (item, entry, side, level, kind, at) as (
    select seed, null::bigint, 1, 0, null::text, null::timestamptz from unnest(%(seeds)s::bigint[]) as seed
  union
    select n.item, n.entry, n.side, n.level, n.kind, n.at
    from (
        select distinct case when side = 1 then item end as item, case when side <> 1 then entry end as entry,
               case when side = 3 then 0 else side end as side, level
        from reach
    ) w
    cross join lateral (
        -- A thing: the entries that used it, or put it where it is.
        select s.item_key as item, s.entry_id as entry, 0 as side, w.level as level, e.kind as kind,
               e.event_time as at
        from entry_item s
        join entry e on e.id = s.entry_id
        where w.side = 1 and w.level < %(depth)s and e.org_id = %(org)s and s.org_id = %(org)s and s.item_key = w.item
          and s.roles & 256 = 0 and (s.roles & 8 <> 0 or s.roles & 68 = 68)
          and e.kind in ('AggregationEvent', 'AssociationEvent', 'TransformationEvent') and e.event_time <= %(at)s
          and not exists (select from voided v where v.org_id = %(org)s and v.entry_id = s.entry_id)
          and (s.roles & 8 <> 0 or not exists (
            -- taken out since: by name, or with all that was in the parent
            select from unnest(e.thing_keys, e.thing_roles) as p(item_key, roles)
            join entry_item d on d.org_id = %(org)s and d.item_key = p.item_key and d.roles & 386 = 130
            join entry x on x.id = d.entry_id
            where p.roles & 2 <> 0 and x.kind = e.kind
              and x.org_id = %(org)s
              and x.event_time <= %(at)s and (x.event_time, x.id) > (e.event_time, e.id)
              and (exists (select from entry_item c where c.org_id = %(org)s and c.item_key = w.item
                             and c.entry_id = d.entry_id and c.roles & 4 <> 0)
                   or not exists (select from unnest(x.thing_roles) c(roles) where c.roles & 4 <> 0))
              and not exists (select from voided v where v.org_id = %(org)s and v.entry_id = d.entry_id)))
      union all
        -- An entry: what came out of it, or what it put things into.
        select t.item_key, o.id, 1, w.level + %(step)s, null, null
        from entry o cross join lateral unnest(o.thing_keys, o.thing_roles) as t(item_key, roles)
        where w.side = 0 and o.org_id = %(org)s and o.id = w.entry and t.roles & 18 <> 0
      union all
        select b.mark, b.entry_id, 3, w.level, e.kind, e.event_time
        from transformation_part a
        join transformation_part b on b.org_id = a.org_id and b.mark = a.mark
        join entry e on e.id = b.entry_id
        where w.side = 0 and a.org_id = %(org)s and a.entry_id = w.entry and e.org_id = %(org)s and e.event_time <= %(at)s
          and not exists (select from voided v where v.org_id = %(org)s and v.entry_id = b.entry_id)
    ) n
)
select item, entry, side, kind, at from reach limit %(limit)s
