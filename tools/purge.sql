-- What retention erases of effects and orders. Keys, kinds, targets, states, answers of the other side, hashes and
-- times stay, and with them the proof that nothing was done twice; so do orders with their lines.

-- name: erase_requests
-- Of a mail its Message-ID stays, of a booking what was booked.
update effect set last_error = null,
    request = case kind
        when 'send_mail' then jsonb_build_object(
            'message_id', request->'message_id', 'kind', request->'kind', 'date', request->'date', 'to', '',
            'subject', '', 'body', '', 'erased', true)
        else request || case when request ? 'note' then '{"note": "", "erased": true}' else '{"erased": true}' end::jsonb
        end,
    response = case
        when kind = 'send_mail' then jsonb_strip_nulls(jsonb_build_object(
            'settled', response->'settled', 'by', response->'by', 'file', response->'file'))
        else response - 'reason' end
where case_id = any(%(case_ids)s)

-- name: erase_notes
update sales_order set note = '' where case_id = any(%(case_ids)s) and note <> ''
