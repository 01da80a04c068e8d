-- What questions to models leave behind: one row a request, one a question that was answered.

-- name: answer
-- The answer on record to a question of a case.
select model, answer::text as answer from model_answer
where case_id = %(case_id)s and prompt = %(prompt)s and input_hash = %(input_hash)s

-- name: keep_answer
-- The newest stays: an older one that no longer fits its form was asked for again.
insert into model_answer (case_id, prompt, input_hash, model, answer, at)
values (%(case_id)s, %(prompt)s, %(input_hash)s, %(model)s, %(answer)s::jsonb, %(at)s)
on conflict (case_id, prompt, input_hash) do update
set model = excluded.model, answer = excluded.answer, at = excluded.at

-- name: keep_call
insert into model_call (case_id, agent, model, prompt, input_hash, outcome, why, alert, tokens_in, tokens_out,
                        tokens_cached, tokens_reasoning, cost_usd, latency_ms, at)
values (%(case_id)s, %(agent)s, %(model)s, %(prompt)s, %(input_hash)s, %(outcome)s, %(why)s, %(alert)s,
        %(tokens_in)s, %(tokens_out)s, %(tokens_cached)s, %(tokens_reasoning)s, %(cost_usd)s, %(latency_ms)s, %(at)s)

-- name: last_alert
-- The newest alert of a model, unless it has answered since.
select why, at from model_call alerted
where model = %(model)s and alert
    and not exists (select from model_call later
                    where later.model = alerted.model and later.id > alerted.id and later.outcome = 'answered')
order by id desc limit 1

-- name: purge_calls
delete from model_call where case_id = any(%(case_ids)s)

-- name: purge_answers
delete from model_answer where case_id = any(%(case_ids)s)

-- name: quiet_calls
-- The figures stay; what a provider said may quote the question.
update model_call set why = '', input_hash = '' where case_id = any(%(case_ids)s) and input_hash <> ''
