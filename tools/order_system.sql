-- name: next_order_number
select 'SO-' || lpad(nextval('sales_order_number')::text, 6, '0') as order_number

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
-- A customer's live orders under one of its numbers, or booked since a day, with their lines.
select o.order_number, o.po_number, o.case_id, o.order_date, o.ship_to_code, o.net_total, o.currency,
       json_agg(json_build_object('sku', l.sku, 'quantity', l.quantity::text, 'uom', l.uom,
                                  'base_quantity', l.base_quantity::text) order by l.line_number) as lines
from sales_order o join sales_order_line l using (order_number)
where o.customer_id = %(customer_id)s and o.status <> 'cancelled' and o.case_id <> %(case_id)s
  and ((o.po_number <> '' and o.po_number = %(po_number)s) or o.order_date >= %(since)s)
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
select customer_id from customer where customer_id = %(customer_id)s for update

-- name: own_exposure
select coalesce(sum(net_total), 0) as amount from sales_order
where customer_id = %(customer_id)s and status = 'open'
