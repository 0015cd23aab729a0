// Runs as the only program of the lab's guest: flips netstamp_needed_key by opening and closing a
// UDP socket with SO_TIMESTAMP, waits for each flip's text-poke records before the next one (a fast
// close would cancel a pending open), and counts function-call IPIs around it.
//
//   guest SITES FLIPS KEEP
//     SITES  file with one hexadecimal address per line: the key's jump entries, from the vmlinux
//     FLIPS  how many confirmed flips to count IPIs over
//     KEEP   how many further flips are recorded into the perf.data written to ttyS1
//
// Console output is lines of `LAB <word> <values>`; run.mjs reads them. Built statically.
#define _GNU_SOURCE
#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define MAX_CPUS 64
#define MAX_SITES 256
#define RING_PAGES 64
#define KEPT_BYTES (1 << 20)

struct ring {
	int fd;
	struct perf_event_mmap_page *page;
	uint8_t *data;
};

static struct ring rings[MAX_CPUS];
static int cpus;
static uint64_t sites[MAX_SITES];
static int site_count;
static uint8_t kept[KEPT_BYTES];
static size_t kept_bytes;
static int keep;
static struct perf_event_attr attr;

static void fail(const char *what)
{
	printf("LAB error %s: %s\n", what, strerror(errno));
	fflush(stdout);
	_exit(1);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

// One event per CPU: the kernel hands a record to the events of the CPU that patches
// (kernel/events/core.c: perf_iterate_sb).
static void open_rings(void)
{
	memset(&attr, 0, sizeof(attr));
	attr.type = PERF_TYPE_SOFTWARE;
	attr.size = sizeof(attr);
	attr.config = PERF_COUNT_SW_DUMMY;
	attr.sample_type = PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_CPU;
	attr.sample_id_all = 1;
	attr.text_poke = 1;
	for (int cpu = 0; cpu < cpus; cpu++) {
		struct ring *r = &rings[cpu];

		r->fd = syscall(SYS_perf_event_open, &attr, -1, cpu, -1, 0);
		if (r->fd < 0)
			fail("perf_event_open");
		r->page = mmap(NULL, (RING_PAGES + 1) * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, r->fd, 0);
		if (r->page == MAP_FAILED)
			fail("mmap");
		r->data = (uint8_t *)r->page + 4096;
	}
}

static void copy_out(struct ring *r, uint64_t at, void *to, size_t length)
{
	for (size_t i = 0; i < length; i++)
		((uint8_t *)to)[i] = r->data[(at + i) % (RING_PAGES * 4096)];
}

// Takes everything the rings hold; returns the number of text-poke records.
static int drain(void)
{
	int records = 0;

	for (int cpu = 0; cpu < cpus; cpu++) {
		struct ring *r = &rings[cpu];
		uint64_t head = __atomic_load_n(&r->page->data_head, __ATOMIC_ACQUIRE);
		uint64_t tail = r->page->data_tail;

		while (tail < head) {
			struct perf_event_header h;

			copy_out(r, tail, &h, sizeof(h));
			if (h.type == PERF_RECORD_TEXT_POKE)
				records++;
			if (h.type == PERF_RECORD_LOST)
				printf("LAB lost\n");
			if (keep && kept_bytes + h.size <= KEPT_BYTES) {
				copy_out(r, tail, kept + kept_bytes, h.size);
				kept_bytes += h.size;
			}
			tail += h.size;
		}
		__atomic_store_n(&r->page->data_tail, tail, __ATOMIC_RELEASE);
	}
	return records;
}

static int open_stamped(void)
{
	int on = 1, fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_TIMESTAMP, &on, sizeof(on)))
		fail("SO_TIMESTAMP");
	return fd;
}

// Waits until one flip's records are there; the kworker needs this CPU, hence the yield.
static int confirm(int expected)
{
	double limit = now() + 10;
	int seen = 0;

	while (seen < expected && now() < limit) {
		seen += drain();
		if (seen < expected)
			sched_yield();
	}
	return seen == expected;
}

static int flip(int fd, int *stamped)
{
	if (*stamped)
		close(fd);
	else
		fd = open_stamped();
	*stamped = !*stamped;
	if (!confirm(site_count)) {
		printf("LAB error flip not confirmed\n");
		fflush(stdout);
		_exit(1);
	}
	return fd;
}

static void print_interrupts(const char *label)
{
	char line[4096];
	FILE *f = fopen("/proc/interrupts", "r");

	while (f && fgets(line, sizeof(line), f)) {
		char *name = line + strspn(line, " ");

		if (!strncmp(name, "CAL:", 4) || !strncmp(name, "RES:", 4) || !strncmp(name, "TLB:", 4)) {
			printf("LAB interrupts %s %.4s", label, name);
			for (char *p = name + 4; *p && strspn(p, " 0123456789"); p += strcspn(p, " ") ? strcspn(p, " ") : 1)
				if (*p >= '0' && *p <= '9')
					printf(" %lu", strtoul(p, NULL, 10));
			printf("\n");
		}
	}
	if (f)
		fclose(f);
}

// Kernel threads that may run anywhere (RCU's grace-period thread above all) are kept on CPU 0, so
// that waking them costs no IPI; per-CPU threads refuse and need none.
static void gather_threads(const cpu_set_t *where)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	while (proc && (entry = readdir(proc)))
		if (atoi(entry->d_name) > 0)
			sched_setaffinity(atoi(entry->d_name), sizeof(*where), where);
	if (proc)
		closedir(proc);
}

// The bytes at each site as /proc/kcore shows them.
static void print_code(const char *label)
{
	int fd = open("/proc/kcore", O_RDONLY);
	Elf64_Ehdr eh;

	if (fd < 0 || pread(fd, &eh, sizeof(eh), 0) != sizeof(eh))
		fail("kcore");
	for (int s = 0; s < site_count; s++)
		for (int i = 0; i < eh.e_phnum; i++) {
			Elf64_Phdr ph;
			uint8_t b[5];

			pread(fd, &ph, sizeof(ph), eh.e_phoff + i * sizeof(ph));
			if (ph.p_type != PT_LOAD || sites[s] < ph.p_vaddr || sites[s] >= ph.p_vaddr + ph.p_memsz)
				continue;
			if (pread(fd, b, 5, ph.p_offset + (sites[s] - ph.p_vaddr)) == 5)
				printf("LAB code %s %lx %02x%02x%02x%02x%02x\n", label, sites[s], b[0], b[1], b[2], b[3], b[4]);
			break;
		}
	close(fd);
}

// perf.data, as far as a reader needs it: header, one attribute, the records as the kernel wrote them.
static void write_perf_data(void)
{
	struct { uint64_t offset, size; } ids = { 0, 0 };
	uint64_t attr_size = sizeof(attr) + sizeof(ids), attrs_at = 104, data_at = attrs_at + attr_size;
	uint64_t header[13] = { 0x32454c4946524550ULL, 104, attr_size, attrs_at, attr_size, data_at, kept_bytes };
	struct termios raw;
	int fd = open("/dev/ttyS1", O_WRONLY | O_NOCTTY);

	if (fd < 0 || tcgetattr(fd, &raw))
		fail("ttyS1");
	cfmakeraw(&raw);
	tcsetattr(fd, TCSANOW, &raw);
	write(fd, header, sizeof(header));
	write(fd, &attr, sizeof(attr));
	write(fd, &ids, sizeof(ids));
	for (size_t done = 0; done < kept_bytes;) {
		ssize_t n = write(fd, kept + done, kept_bytes - done);

		if (n <= 0)
			fail("write");
		done += n;
	}
	tcdrain(fd);
	close(fd);
	printf("LAB perf.data %lu bytes\n", (unsigned long)(data_at + kept_bytes));
}

static void read_sites(const char *name)
{
	FILE *f = fopen(name, "r");

	if (!f)
		fail(name);
	while (site_count < MAX_SITES && fscanf(f, "%lx", &sites[site_count]) == 1)
		site_count++;
	fclose(f);
}

int main(int argc, char **argv)
{
	int flips = argc > 2 ? atoi(argv[2]) : 1000, kept_flips = argc > 3 ? atoi(argv[3]) : 4;
	int fd = -1, stamped = 0, held, unconfirmed = 0;
	cpu_set_t first;
	double begin, took;

	cpus = sysconf(_SC_NPROCESSORS_ONLN);
	CPU_ZERO(&first);
	CPU_SET(0, &first);
	sched_setaffinity(0, sizeof(first), &first);
	gather_threads(&first);
	read_sites(argv[1]);
	open_rings();
	printf("LAB cpus %d\nLAB sites %d\n", cpus, site_count);
	print_code("before");

	keep = 1;
	for (int i = 0; i < kept_flips; i++) {
		fd = flip(fd, &stamped);
		usleep(20000);
		print_code(stamped ? "enabled" : "disabled");
	}
	keep = 0;

	usleep(500000);
	print_interrupts("start");
	begin = now();
	for (int i = 0; i < flips; i++)
		fd = flip(fd, &stamped);
	took = now() - begin;
	print_interrupts("flipped");
	printf("LAB flips %d %.3f seconds\n", flips, took);

	// The same sockets at the same pace while another one keeps the key enabled: whatever opening and
	// closing costs besides the flip (RCU's kernel thread is woken on other CPUs) is in this figure.
	held = open_stamped();
	usleep(100000);
	drain();
	print_interrupts("base-start");
	begin = now();
	for (int i = 0; i < flips; i++) {
		if (i % 2)
			close(fd);
		else
			fd = open_stamped();
		while (now() - begin < took * (i + 1) / flips) {
			unconfirmed += drain();
			sched_yield();
		}
	}
	printf("LAB base records %d\n", unconfirmed);
	print_interrupts("base-end");
	close(held);
	usleep(100000);
	drain();

	begin = now();
	print_interrupts("idle-start");
	while (now() - begin < took) {
		drain();
		sched_yield();
	}
	print_interrupts("idle-end");
	print_code("after");
	write_perf_data();
	printf("LAB done\n");
	fflush(stdout);
	return 0;
}
