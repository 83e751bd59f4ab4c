/*
 * How many columns of the screen a character takes up: 0, 1 or 2.
 *
 * Called by line_output.c, to take typed characters back.  The ranges are whole
 * blocks of Unicode: what a terminal does with a rare character inside one is
 * its own affair.
 */
#include "line.h"

struct range {
	uint32_t first, last;
	unsigned width;
};

static const struct range ranges[] = {
	{0x0300, 0x036f, 0},			    /* combining marks */
	{0x0483, 0x0489, 0},			    /* Cyrillic */
	{0x0591, 0x05bd, 0},			    /* Hebrew points */
	{0x0610, 0x061a, 0},			    /* Arabic marks */
	{0x064b, 0x065f, 0},   {0x1100, 0x115f, 2}, /* Hangul's first sounds */
	{0x1160, 0x11ff, 0}, /* and those that join them */
	{0x1ab0, 0x1aff, 0}, /* combining marks, extended */
	{0x1dc0, 0x1dff, 0},   {0x200b, 0x200f, 0}, /* zero width, directions */
	{0x20d0, 0x20ff, 0}, /* combining marks for symbols */
	{0x2e80, 0x303e, 2}, /* radicals, punctuation */
	{0x3041, 0x33ff, 2}, /* kana, CJK symbols */
	{0x3400, 0x4dbf, 2}, /* ideographs */
	{0x4e00, 0x9fff, 2},   {0xa000, 0xa4cf, 2}, /* Yi */
	{0xac00, 0xd7a3, 2},			    /* Hangul */
	{0xf900, 0xfaff, 2},			    /* ideographs */
	{0xfe00, 0xfe0f, 0},			    /* variation selectors */
	{0xfe20, 0xfe2f, 0},			    /* combining half marks */
	{0xfe30, 0xfe6f, 2}, /* vertical and small forms */
	{0xff00, 0xff60, 2}, /* full width */
	{0xffe0, 0xffe6, 2},   {0x1f300, 0x1f64f, 2}, /* pictographs, faces */
	{0x1f680, 0x1f6ff, 2}, {0x1f900, 0x1f9ff, 2},
	{0x20000, 0x3fffd, 2}, /* ideographs */
	{0xe0100, 0xe01ef, 0}, /* variation selectors */
};

unsigned
line_width(uint32_t character)
{
	size_t i;

	for (i = 0; i < sizeof(ranges) / sizeof(*ranges); i++)
		if (character >= ranges[i].first && character <= ranges[i].last)
			return ranges[i].width;
	return 1;
}
