-- What retention erases of messages and of the rows of cases.

-- name: erase_raw
update message set raw = null, raw_erased_at = %(now)s where message_id = any(%(message_ids)s) and raw is not null

-- name: contents
select message_id, content from message where message_id = any(%(message_ids)s) and erased_at is null

-- name: erase_message
-- Its hashes, its Message-ID and its idempotency key stay: the same bytes are still known.
update message set raw = null, raw_erased_at = coalesce(raw_erased_at, %(now)s), content = '{}', sender = '',
       subject = '', source = 'erased', in_reply_to = '{}', words_hash = %(words_hash)s, erased_at = %(now)s
where message_id = %(message_id)s

-- name: erase_document_names
-- The hash of an attachment stays: the same one in another message is still known.
update message_document set name = 'erased' where message_id = any(%(message_ids)s)

-- name: erase_case
-- Numbers, codes and amounts stay; what was quoted, worded or called by a customer goes.
update cases set error = null, erased_at = %(now)s, report = report || jsonb_build_object(
    'source', 'erased', 'questions', '[]'::jsonb,
    'review', case when jsonb_typeof(report->'review') = 'object' then jsonb_build_object(
        'review_id', report->'review'->'review_id', 'kind', report->'review'->'kind') end,
    'lines', (select coalesce(jsonb_agg(line || '{"description": null, "customer_ref": null, "uom_stated": null}'
                                        order by n), '[]')
              from jsonb_array_elements(report->'lines') with ordinality as l (line, n)),
    'findings', jsonb_build_array(%(finding)s::jsonb))
where case_id = any(%(case_ids)s)
