ALTER TABLE journal SET (toast_tuple_target = 8160)

ALTER TABLE print_jobs SET (toast_tuple_target = 8160)
