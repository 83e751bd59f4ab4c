/* true: ends with status 0.  The smallest program there is; `proctor run --
 * true` measures a boot with it. */
int
main(void)
{
	return 0;
}
