-- name: reserve
-- Count one call, if the case may still make it; no row = it may not. One statement: two at once cannot both have
-- the last one.
insert into case_spend (case_id, calls)
select %(case_id)s, 1 where %(calls)s::bigint > 0 and %(tokens)s::bigint > 0 and %(usd)s::numeric > 0
on conflict (case_id) do update
set calls = case_spend.calls + 1, updated_at = clock_timestamp()
where case_spend.calls < %(calls)s::bigint
  and case_spend.tokens_in + case_spend.tokens_out < %(tokens)s::bigint
  and case_spend.cost_usd < %(usd)s::numeric
returning calls

-- name: add
-- What one call has used. A cost that is not known is counted as such, never as 0.
insert into case_spend (case_id, tokens_in, tokens_out, cost_usd, unpriced)
values (%(case_id)s, %(tokens_in)s, %(tokens_out)s, coalesce(%(cost_usd)s::numeric, 0),
        (%(cost_usd)s::numeric is null)::int)
on conflict (case_id) do update
set tokens_in = case_spend.tokens_in + excluded.tokens_in,
    tokens_out = case_spend.tokens_out + excluded.tokens_out,
    cost_usd = case_spend.cost_usd + excluded.cost_usd,
    unpriced = case_spend.unpriced + excluded.unpriced,
    updated_at = clock_timestamp()

-- name: spent
select calls, tokens_in, tokens_out, cost_usd, unpriced from case_spend where case_id = %(case_id)s

-- name: purge
delete from case_spend where case_id = any(%(case_ids)s)
