/*
 * Time: the time stamp counter, whose rate, and that of the APIC's timer, is
 * measured against the PIT once.
 *
 * A reading of all three is good only if nothing came between, and the machine
 * may be an emulator whose host had better things to do: of several readings
 * the one that took the shortest time counts.
 */
#include "local.h"

#define PIT_HZ	      1193182u
#define PIT_COMMAND   0x43
#define PIT_CHANNEL_2 0x42
#define PIT_GATE      0x61
#define MEASURE_TICKS 11932 /* 10 ms */
#define READINGS      8
#define GUESS_HZ      1000000000u
#define NS	      1000000000u

uint64_t clock_tsc_hz, clock_lapic_hz;
uint64_t arch_tsc_start;
uint64_t arch_ns_per_tick_32; /* nanoseconds a tick, times 2^32 */

static uint64_t wall_start_ns;

struct reading {
	uint64_t tsc, took;
	uint32_t lapic;
	uint16_t pit; /* counts down */
};

static struct reading
read_once(void)
{
	struct reading r;
	uint64_t before = tsc_read();
	uint8_t low, high;

	arch_out8(PIT_COMMAND, 0x80); /* latch channel 2 */
	r.lapic = lapic_timer_left();
	r.tsc = tsc_read();
	r.took = r.tsc - before;
	low = arch_in8(PIT_CHANNEL_2);
	high = arch_in8(PIT_CHANNEL_2);
	r.pit = (uint16_t)(low | high << 8);
	return r;
}

static struct reading
read_best(void)
{
	struct reading best = read_once();

	for (unsigned i = 1; i < READINGS; i++) {
		struct reading r = read_once();

		if (r.took < best.took)
			best = r;
	}
	return best;
}

static void
pit_start(void)
{
	arch_out8(PIT_GATE, (uint8_t)((arch_in8(PIT_GATE) & ~2) | 1));
	arch_out8(PIT_COMMAND,
		  0xb0); /* channel 2, both bytes, counts down once */
	arch_out8(PIT_CHANNEL_2, 0xff);
	arch_out8(PIT_CHANNEL_2, 0xff);
}

/* Under TCG the APIC runs at 1 GHz, and so does the TSC if instructions are
 * counted. */
static uint64_t
rate(uint64_t ticks, uint16_t pit_ticks)
{
	uint64_t hz = ticks * PIT_HZ / pit_ticks;
	struct cpuid hypervisor = cpuid(0x40000000, 0);
	bool tcg =
		cpuid(1, 0).c >> 31 && hypervisor.b == 0x54474354; /* "TCGT" */

	if (tcg && hz > NS - NS / 1000 && hz < NS + NS / 1000)
		return NS;
	return hz;
}

static void
measure(void)
{
	struct reading first, last;
	uint16_t ticks = 0;

	pit_start();
	lapic_timer_start(UINT32_MAX);
	first = read_best();
	for (unsigned i = 0; i < 1000000 && ticks < MEASURE_TICKS; i++)
		ticks = (uint16_t)(first.pit - read_once().pit);
	last = read_best();
	ticks = (uint16_t)(first.pit - last.pit);
	lapic_timer_start(0);
	clock_tsc_hz = clock_lapic_hz = GUESS_HZ; /* there is no PIT */
	if (ticks >= MEASURE_TICKS) {
		clock_tsc_hz = rate(last.tsc - first.tsc, ticks);
		clock_lapic_hz = rate(first.lapic - last.lapic, ticks);
	}
}

void
clock_init(void)
{
	uint64_t seconds;

	measure();
	arch_ns_per_tick_32 = ((uint64_t)NS << 32) / clock_tsc_hz;
	arch_tsc_start = tsc_read();
	seconds = rtc_read();
	wall_start_ns = seconds * NS - arch_time_ns();
}

uint64_t
arch_wall_ns(void)
{
	return wall_start_ns;
}

void
clock_spin(uint64_t ns)
{
	uint64_t end = arch_time_ns() + ns;

	while (arch_time_ns() < end)
		arch_pause();
}
