drop table export_state_counts;
