-- What one order is compared with: found by what it says, not by reading all that its customer has ordered lately.

-- A customer's number as it is compared: letters and digits only, without leading zeros.
create index sales_order_like_number on sales_order
    (customer_id, ltrim(regexp_replace(upper(po_number), '[^0-9A-Z]', '', 'g'), '0'));
create index sales_order_line_quantity on sales_order_line (sku, base_quantity);
