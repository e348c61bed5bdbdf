(module (memory 1) (func $main (export "main") i32.add drop))
