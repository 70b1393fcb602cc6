drop index known_devices_device;
drop table request_counts;
