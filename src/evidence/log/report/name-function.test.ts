import { describe, expect, test } from "vitest";
import { readEvent, readLines } from "./read-report.fixture.ts";

const FAULT = "BUG: unable to handle page fault for address: ffff888100000000";
const KASAN = (where: string): string => `BUG: KASAN: slab-use-after-free in ${where}+0x1/0x2`;
const WARNING = (at: string): string => `WARNING: CPU: 1 PID: 7 at ${at}`;
const HUNG = "INFO: task a:7 blocked for more than 143 seconds.";
const SOFT = "watchdog: BUG: soft lockup - CPU#1 stuck for 22s! [a:7]";

describe("a report is named past the helper that noticed", () => {
  test.each([
    [
      "queued work",
      KASAN("work_is_static_object"),
      "work_is_static_object debug_object_activate __queue_work queue_work_on strp_check_rcv",
      "strp_check_rcv",
    ],
    [
      "a USB transfer taken back",
      KASAN("__lock_acquire"),
      "__lock_acquire lock_acquire _raw_spin_lock_irq usb_kill_anchored_urbs mcba_usb_disconnect",
      "mcba_usb_disconnect",
    ],
    [
      "a transfer of unset memory",
      "BUG: KMSAN: kernel-usb-infoleak in usb_submit_urb+0x1/0x2",
      "usb_submit_urb usb_start_wait_urb usb_control_msg hif_usb_send",
      "hif_usb_send",
    ],
    [
      "a cipher that reads what it is given",
      "BUG: KMSAN: uninit-value in crypto_aes_encrypt+0x1/0x2",
      "aes_encrypt crypto_aes_encrypt crypto_cbc_encrypt fscrypt_crypt_block",
      "fscrypt_crypt_block",
    ],
    [
      "a device taken out of its bus",
      WARNING("fs/sysfs/group.c:279 sysfs_remove_group+0x1/0x2"),
      "sysfs_remove_group dpm_sysfs_remove device_del device_unregister __unregister_client device_for_each_child i2c_del_adapter pvr2_i2c_core_done",
      "pvr2_i2c_core_done",
    ],
    [
      "a tracked object",
      WARNING("lib/debugobjects.c:291 debug_print_object+0x1/0x2"),
      "debug_print_object debug_object_init hrtimer_init start_burst",
      "start_burst",
    ],
    [
      "the page cache",
      KASAN("mark_buffer_dirty"),
      "mark_buffer_dirty udf_write_fi",
      "udf_write_fi",
    ],
    [
      "whatever allocates",
      "BUG: memory leak",
      "__kmalloc pcpu_alloc htab_map_alloc map_create",
      "map_create",
    ],
    [
      "a function that waits",
      HUNG,
      "__schedule schedule schedule_timeout wait_for_reconnect nbd_handle_cmd",
      "nbd_handle_cmd",
    ],
    [
      "the recording of a stack",
      SOFT,
      "unwind_next_frame arch_stack_walk stack_trace_save kasan_save_stack sctp_chunkify",
      "sctp_chunkify",
    ],
  ])("%s", (_, headline, frames, name) => {
    expect(readEvent(report(headline, frames)).function).toBe(name);
  });
});

describe("the helper itself is named", () => {
  test.each([
    [
      "where a fault's RIP stands in it",
      `${FAULT}\nRIP: 0010:memcmp+0x1/0x2`,
      "ipcget do_syscall_64",
      "memcmp",
    ],
    [
      "where a BUG() stands in it",
      "kernel BUG at mm/filemap.c:1530!\nRIP: 0010:folio_unlock+0x1/0x2",
      "netfs_perform_write vfs_write",
      "folio_unlock",
    ],
    [
      "where the USB core warns",
      WARNING("drivers/usb/core/urb.c:478 usb_submit_urb+0x1/0x2"),
      "usb_submit_urb submit_rx_urb",
      "usb_submit_urb",
    ],
    [
      "where a timer function warns of something else",
      WARNING("kernel/time/hrtimer.c:9 hrtimer_forward+0x1/0x2"),
      "hrtimer_forward start_burst",
      "hrtimer_forward",
    ],
    [
      "where a wait is the system call",
      HUNG,
      "__schedule schedule do_wait kernel_wait4",
      "do_wait",
    ],
    [
      "where a wait is all the thread does",
      HUNG,
      "__schedule schedule schedule_timeout t_mutex_wait kthread ret_from_fork",
      "t_mutex_wait",
    ],
    [
      "where it takes a lock and the CPU is stuck",
      SOFT,
      "native_queued_spin_lock_slowpath _raw_spin_lock tcp_abort",
      "_raw_spin_lock",
    ],
  ])("%s", (_, headline, frames, name) => {
    expect(readEvent(report(headline, frames)).function).toBe(name);
  });
});

test("a fault inside a compiled-in check is named like the check", () => {
  const event = readEvent(
    report(
      `${FAULT}\nRIP: 0010:timer_is_static_object+0x1/0x2`,
      "debug_object_assert_init del_timer try_to_grab_pending __cancel_work_timer input_close_device",
    ),
  );
  expect(event.function).toBe("input_close_device");
});

test("a trace of nothing but the reporting names nothing", () => {
  const headline = "BUG: using __this_cpu_read() in preemptible [00000000] code: a/7";
  const event = readEvent(report(headline, "dump_stack check_preemption_disabled"));
  expect(event.function).toBeUndefined();
  expect(event.title).toBe("BUG: using __this_cpu_read() in preemptible code");
});

test("a trace of nothing but the switch to another task names nothing", () => {
  expect(readEvent(report(HUNG, "context_switch __schedule schedule")).function).toBeUndefined();
});

test("the padding before a function is no place", () => {
  const trace = "Call Trace:\n ? __pfx_p9_client_rpc+0x10/0x10\n ? p9_client_rpc+0x869/0xd60";
  expect(readEvent(`${HUNG}\n${trace}`).function).toBe("p9_client_rpc");
});

test("lockdep's report is named past the running of the work item", () => {
  const event = readEvent(`WARNING: possible circular locking dependency detected
a/7 is trying to acquire lock:
ffff8880120b9168 ((work_completion)(&w->work)){+.+.}-{0:0}, at: process_one_work+0x1/0x2
but task is already holding lock:
ffff88806a4a6028 (&h->lock){+.+.}-{3:3}, at: holder+0xf6/0x970`);
  expect(event.function).toBe("holder");
});

test("where all is entry code, its first function is named", () => {
  const headline = "BUG: using __this_cpu_read() in preemptible [00000000] code: a/7";
  const frames =
    "dump_stack check_preemption_disabled trace_hardirqs_on __bad_area_nosemaphore exc_page_fault";
  expect(readEvent(report(headline, frames)).function).toBe("__bad_area_nosemaphore");
});

test("a lock order report is named by the side that interrupts", () => {
  const event = readEvent(`WARNING: HARDIRQ-safe -> HARDIRQ-unsafe lock order detected
a/7 [HC0[0]:SC0[0]:HE0:SE1] is trying to acquire:
ffff8880120b9168 (&new->fa_lock){.?.+}-{2:2}, at: kill_fasync+0x14b/0x460
and this task is already holding:
ffff88806a4a6028 (&client->buffer_lock){....}-{2:2}, at: evdev_pass_values+0xf6/0x970
... which became HARDIRQ-irq-safe at:
  lock_acquire+0x29d/0x740
  _raw_spin_lock_irqsave+0x39/0x50
  input_event+0x7b/0xb0
to a HARDIRQ-irq-unsafe lock:
  sock_wake_async+0xd2/0x160
stack backtrace:
Call Trace:
 dump_stack+0x1/0x2
 __lock_acquire+0x1/0x2
 kill_fasync+0x14b/0x460`);
  expect(event.function).toBe("input_event");
});

test("an offset damaged on the way does not take RIP's name", () => {
  const event = readEvent(`kernel BUG at mm/a.c:147!
NIP [c00000000003d6fc] .pfn_pmd+x0x/0x4
LR [c000000001024bc8] .debug_vm_pgtable+0x3f4/0x51c
Call Trace:
[c0000000025f7bd0] [c00000000000fa58] .do_one_initcall+0x104/0x2c4`);
  expect(event.function).toBe("pfn_pmd");
});

test("a symbolised log without line information is read", () => {
  const event = readEvent(`kernel BUG at mm/page_table_check.c:132!
RIP: 0010:__page_table_check_zero (??:?)
Call Trace:
 __free_pages_ok (page_alloc.c:?)
 ? rcu_blocking_is_gp (include/linux/kernel.h:? kernel/rcu/tree.c:3894)
 start_kernel (??:?)`);
  expect(event).toMatchObject({ function: "__page_table_check_zero", complete: true });
  expect(event.trace?.map((frame) => frame.symbol)).toEqual([
    "__free_pages_ok",
    "rcu_blocking_is_gp",
    "start_kernel",
  ]);
});

describe("lines printed in one go are one report", () => {
  test.each([
    [
      "usercopy's BUG()",
      "usercopy: Kernel memory overwrite attempt detected to kernel text (offset 1, size 7)!\nkernel BUG at mm/usercopy.c:102!\nRIP: 0010:usercopy_abort+0x1/0x2",
      "__check_object_size sg_io",
      "sg_io",
    ],
    [
      "umount_check()'s warning",
      `BUG: Dentry 00000000a{i=1,n=a} still in use (1) [unmount of ext4 a]\n${WARNING("fs/dcache.c:1660 umount_check+0x1/0x2")}`,
      "umount_check d_walk",
      "umount_check",
    ],
    [
      "a refcount's text behind its WARNING line (arm)",
      `${WARNING("lib/refcount.c:28 refcount_warn_saturate+0x1/0x2")}\nrefcount_t: underflow; use-after-free.`,
      "refcount_warn_saturate kobject_put put_device hdm_disconnect",
      "hdm_disconnect",
    ],
  ])("%s", (_, headline, frames, name) => {
    expect(readEvent(report(headline, frames)).function).toBe(name);
  });

  test("a refcount's text behind another file's warning is not", () => {
    const { events } = readLines(
      report(
        `${WARNING("mm/a.c:1 a+0x1/0x2")}\nCall Trace:\n a+0x1/0x2\n b+0x1/0x2\nrefcount_t: underflow; use-after-free.`,
        "refcount_warn_saturate c",
      ),
    );
    expect(events.map((event) => event.function)).toEqual(["a", "c"]);
  });
});

function report(headline: string, frames: string): string {
  return `${headline}\nCall Trace:\n${frames
    .split(" ")
    .map((name) => ` ${name}+0x1/0x20`)
    .join("\n")}`;
}

test("a worker that stalls between two works is named by the work whose turn it was", () => {
  const stall = (
    work: string,
  ): string => `watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [kworker/u4:4:314]
CPU: 0 PID: 314 Comm: kworker/u4:4 Not tainted 6.1.0 #1
${work}
Call Trace:
 __cond_resched+0x33/0x50
 process_one_work+0x23c/0x3f0
 worker_thread+0x50/0x3e0
 kthread+0xee/0x120`;
  expect(readEvent(stall("Workqueue: events_unbound p_check_integrity [p_lkrg]")).function).toBe(
    "p_check_integrity",
  );
  expect(readEvent(stall("Hardware name: a machine")).function).toBe("process_one_work");
});
