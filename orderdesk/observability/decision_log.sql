-- name: insert_entry
-- One decision; a replayed step finds its row already there.
insert into decision_log (id, case_id, step, node, kind, actor, what, why, confidence, evidence, latency_ms,
                          tokens_in, tokens_out, cost_usd, at)
values (%(id)s, %(case_id)s, %(step)s, %(node)s, %(kind)s, %(actor)s, %(what)s, %(why)s, %(confidence)s,
        %(evidence)s, %(latency_ms)s, %(tokens_in)s, %(tokens_out)s, %(cost_usd)s, %(at)s)
on conflict (id) do nothing

-- name: entries_of_case
select seq, step, node, kind, actor, what, why, confidence, evidence, latency_ms, tokens_in, tokens_out,
       cost_usd, at
from decision_log where case_id = %(case_id)s order by seq
