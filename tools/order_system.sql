-- name: next_order_number
-- After a restore an order gets the number again that it was exported or confirmed under before.
select coalesce(
    (select min(x.order_number) from exported_before x where x.case_id = %(case_id)s
        and not exists (select from sales_order o where o.order_number = x.order_number)),
    (select s.order_number from sent_before s where s.mail_id = %(mail_id)s
        and not exists (select from sales_order o where o.order_number = s.order_number)),
    'SO-' || lpad(nextval('sales_order_number')::text, 6, '0')) as order_number

-- name: insert_order
insert into sales_order (order_number, case_id, customer_id, po_number, po_date, order_date, requested_date,
                         ship_to_code, currency, payment_terms, net_total, note, created_at)
values (%(order_number)s, %(case_id)s, %(customer_id)s, %(po_number)s, %(po_date)s, %(order_date)s,
        %(requested_date)s, %(ship_to_code)s, %(currency)s, %(payment_terms)s, %(net_total)s, %(note)s, %(now)s)

-- name: insert_line
insert into sales_order_line (order_number, line_number, sku, description, customer_ref, quantity, uom,
                              base_quantity, unit_price, price_base, net, promised_date, backorder)
values (%(order_number)s, %(line_number)s, %(sku)s, %(description)s, %(customer_ref)s, %(quantity)s, %(uom)s,
        %(base_quantity)s, %(unit_price)s, %(price_base)s, %(net)s, %(promised_date)s, %(backorder)s)

-- name: insert_reservation
insert into reservation (order_number, line_number, sku, base_quantity)
values (%(order_number)s, %(line_number)s, %(sku)s, %(base_quantity)s)

-- name: insert_purchase
insert into purchase_proposal (order_number, supplier_id, sku, quantity, unit_cost, currency)
values (%(order_number)s, %(supplier_id)s, %(sku)s, %(quantity)s, %(unit_cost)s, %(currency)s)

-- name: order_of_case
select order_number from sales_order where case_id = %(case_id)s

-- name: orders_like
-- A customer's live orders under one of its numbers, or booked since a day under a like number or with all of the
-- given articles and quantities, with their lines. Whoever asks compares exactly: this finds rather too many.
with found as (
    select order_number from sales_order
    where customer_id = %(customer_id)s and po_number <> '' and po_number = %(po_number)s
    union
    select order_number from sales_order
    where customer_id = %(customer_id)s and order_date >= %(since)s
      and ltrim(regexp_replace(upper(po_number), '[^0-9A-Z]', '', 'g'), '0') = %(like_number)s
    union
    select o.order_number
    from unnest(%(skus)s::text[], %(quantities)s::numeric[]) as wanted (sku, quantity)
    join sales_order_line l on l.sku = wanted.sku and l.base_quantity = wanted.quantity
    join sales_order o using (order_number)
    where o.customer_id = %(customer_id)s and o.order_date >= %(since)s
    group by o.order_number having count(*) >= cardinality(%(skus)s::text[])
)
select o.order_number, o.po_number, o.case_id, o.order_date, o.ship_to_code, o.net_total, o.currency,
       json_agg(json_build_object('sku', l.sku, 'quantity', l.quantity::text, 'uom', l.uom,
                                  'base_quantity', l.base_quantity::text) order by l.line_number) as lines
from found join sales_order o using (order_number) join sales_order_line l using (order_number)
where o.status <> 'cancelled' and o.case_id <> %(case_id)s
group by o.order_number
order by o.order_number

-- name: lock_stock
-- Held until the transaction ends, in one order for everybody: nobody promises the same pieces meanwhile.
select sku, on_hand - coalesce(reserved, 0) as free from stock where sku = any(%(skus)s) order by sku for update

-- name: own_reserved
-- What our live orders hold of these articles.
select sku, sum(base_quantity) as quantity from reservation
where sku = any(%(skus)s) and released_at is null group by sku

-- name: lock_account
-- Held until the transaction ends: an account's orders are booked one after another.
select credit_limit, coalesce(open_balance, 0) as open_balance from customer where customer_id = %(customer_id)s for update

-- name: own_exposure
select coalesce(sum(net_total), 0) as amount from sales_order
where customer_id = %(customer_id)s and status = 'open'
