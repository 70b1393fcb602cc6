drop table sales_contracts, quality_inspections, coffee_lots;
