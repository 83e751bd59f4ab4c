/* The battery clock, read once at boot: UTC, to the second. */
#include "local.h"

#define INDEX 0x70
#define DATA  0x71

enum {
	REG_SECOND = 0,
	REG_MINUTE = 2,
	REG_HOUR = 4,
	REG_DAY = 7,
	REG_MONTH = 8,
	REG_YEAR = 9,
	REG_A = 10,
	REG_B = 11
};

#define A_UPDATING 0x80u
#define B_24_HOURS 0x02u
#define B_BINARY   0x04u
#define PM	   0x80u

struct date {
	uint8_t second, minute, hour, day, month, year;
};

static uint8_t
reg_read(uint8_t reg)
{
	arch_out8(INDEX, reg);
	return arch_in8(DATA);
}

static struct date
date_read(void)
{
	for (unsigned i = 0; i < 100000 && reg_read(REG_A) & A_UPDATING; i++)
		arch_pause();
	return (struct date){reg_read(REG_SECOND), reg_read(REG_MINUTE),
			     reg_read(REG_HOUR),   reg_read(REG_DAY),
			     reg_read(REG_MONTH),  reg_read(REG_YEAR)};
}

static uint8_t
from_bcd(uint8_t value)
{
	return (uint8_t)((value >> 4) * 10 + (value & 15));
}

static void
date_decode(struct date *date, uint8_t mode)
{
	bool pm = !(mode & B_24_HOURS) && date->hour & PM;

	date->hour &= (uint8_t)~PM;
	if (!(mode & B_BINARY)) {
		uint8_t *part = &date->second;

		for (unsigned i = 0; i < sizeof(*date); i++)
			part[i] = from_bcd(part[i]);
	}
	if (!(mode & B_24_HOURS))
		date->hour = (uint8_t)(date->hour % 12 + (pm ? 12 : 0));
}

/* Days from 1970-01-01 to a date of this century. */
static uint64_t
days(const struct date *date)
{
	static const uint16_t before[12] = {0,	 31,  59,  90,	120, 151,
					    181, 212, 243, 273, 304, 334};
	uint64_t year = 2000u + date->year;
	uint64_t leap_days =
		(year - 1 - 1968) / 4 + (year % 4 == 0 && date->month > 2);

	return (year - 1970) * 365 + leap_days +
	       before[(date->month - 1) % 12] + date->day - 1;
}

/* Seconds since 1970. */
uint64_t
rtc_read(void)
{
	struct date date = date_read();
	struct date again = date_read();

	for (unsigned i = 0;
	     i < 10 && __builtin_memcmp(&date, &again, sizeof(date)); i++) {
		date = again;
		again = date_read();
	}
	date_decode(&date, reg_read(REG_B));
	return days(&date) * 86400 + date.hour * 3600ul + date.minute * 60ul +
	       date.second;
}
