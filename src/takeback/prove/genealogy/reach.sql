-- What a set of things was made of or is inside of (backward), one row a step of the walk:
--   side 1  item: a thing that was reached through entry (null: where the walk began)
--   side 0  entry: a transformation that made item (transformations of one transformationID: side 3, item is its mark)
--   side 2  entry: the aggregation or association in which item is the parent
-- UNION lets each row in once, so that circles end; with step = 1 the level grows and depth ends the walk instead.
-- Roles (takeback.prove.epcis.roles) are compared by bits: EPC 1, PARENT 2, CHILD 4, INPUT 8, OUTPUT 16, ADD 64,
-- DELETE 128, DECLARED 256.
with recursive reach (item, entry, side, level, kind, at) as (
    select seed, null::bigint, 1, 0, null::text, null::timestamptz from unnest(%(seeds)s::bigint[]) as seed
  union
    select n.item, n.entry, n.side, n.level, n.kind, n.at
    from (
        -- Each thing and each entry is opened once a round, through however many ways it was reached.
        select distinct case when side in (1, 2) then item end as item, case when side <> 1 then entry end as entry,
               case when side = 3 then 0 else side end as side, level,
               case when side = 2 then kind end as kind, case when side = 2 then at end as at
        from reach
    ) w
    cross join lateral (
        -- A thing: the entries that made it, or that put things into it and whose content was not taken out since.
        select t.item_key as item, t.entry_id as entry, case when t.roles & 16 <> 0 then 0 else 2 end as side,
               w.level as level, e.kind as kind, e.event_time as at
        from entry_item t
        join entry e on e.id = t.entry_id
        left join lateral (
            select distinct on (x.kind) x.kind, x.event_time, x.id
            from entry_item d join entry x on x.id = d.entry_id
            where t.roles & 66 = 66 and d.org_id = %(org)s and d.item_key = w.item and d.roles & 386 = 130
              and x.org_id = %(org)s and x.event_time <= %(at)s
              and not exists (select from unnest(x.thing_roles) c(roles) where c.roles & 4 <> 0)
              and not exists (select from voided v where v.org_id = %(org)s and v.entry_id = d.entry_id)
            order by x.kind, x.event_time desc, x.id desc
        ) emptied on emptied.kind = e.kind
        where w.side = 1 and w.level < %(depth)s and e.org_id = %(org)s and t.org_id = %(org)s and t.item_key = w.item
          and t.roles & 256 = 0 and (t.roles & 16 <> 0 or t.roles & 66 = 66)
          and e.kind in ('AggregationEvent', 'AssociationEvent', 'TransformationEvent') and e.event_time <= %(at)s
          and (emptied.id is null or (e.event_time, e.id) > (emptied.event_time, emptied.id))
          and not exists (select from voided v where v.org_id = %(org)s and v.entry_id = t.entry_id)
      union all
        -- An entry: what went into it, or is in it and was not taken out by name since.
        select s.item_key, o.id, 1, w.level + %(step)s, null, null
        from entry o cross join lateral unnest(o.thing_keys, o.thing_roles) as s(item_key, roles)
        where w.side in (0, 2) and o.org_id = %(org)s and o.id = w.entry and s.roles & 12 <> 0
          and (w.side = 0 or not exists (
            select from entry_item d
            join entry_item p on p.org_id = d.org_id and p.item_key = w.item and p.entry_id = d.entry_id
            join entry x on x.id = d.entry_id
            where d.org_id = %(org)s and d.item_key = s.item_key and d.roles & 388 = 132 and p.roles & 2 <> 0
              and x.org_id = %(org)s and x.kind = w.kind and x.event_time <= %(at)s and (x.event_time, x.id) > (w.at, w.entry)
              and not exists (select from voided v where v.org_id = %(org)s and v.entry_id = d.entry_id)
            offset 0))  -- asked for each thing by its key: as one hash for all it would read the whole index
      union all
        -- A transformation told in several events: its other parts.
        select b.mark, b.entry_id, 3, w.level, e.kind, e.event_time
        from transformation_part a
        join transformation_part b on b.org_id = a.org_id and b.mark = a.mark
        join entry e on e.id = b.entry_id
        where w.side = 0 and a.org_id = %(org)s and a.entry_id = w.entry and e.org_id = %(org)s and e.event_time <= %(at)s
          and not exists (select from voided v where v.org_id = %(org)s and v.entry_id = b.entry_id)
    ) n
)
select item, entry, side, kind, at from reach limit %(limit)s
