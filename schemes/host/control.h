/* The control queues: which ports the host has, and who has its end of one
 * open. */
#pragma once

int control_init(void);	     /* queues and buffers; 0 or -errno */
int control_handshake(void); /* at boot: learns the ports; -ETIMEDOUT */

/* DEVICE lock held: */
unsigned control_service(void); /* what the host says: how many messages */
void control_tell(void); /* says which ports the guest has open, where the host
			    does not know it yet */
