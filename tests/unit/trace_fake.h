/*
 * What trace/ needs of the machine, for its tests on the host: a heap that can
 * fail, and locks that complain.  With `#include` of the sources that lock, so
 * that they take these locks.
 */
#pragma once

#include "lock_fake.h" /* before what locks */
#include <stdarg.h>
#include <stdio.h>
#include "abi/errno.h"
#include "heap_fake.h"
#include "textfile.h"
#include "trace/session.h"
