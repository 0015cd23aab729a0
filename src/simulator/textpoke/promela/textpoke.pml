/*
 * The code-patching protocol once more, for Debian's spin: an independent description with processes
 * instead of a step function. Which part is missing, how bytes are fetched and which invariant is asked
 * for come from the environment, so that one verifier answers every question:
 *
 *   spin -a textpoke.pml && gcc -O0 -DSAFETY -o pan pan.c
 *   MUTANT=1 FETCH=1 CHECK=2 ./pan -E        (CHECK=7, termination: without -E)
 *
 * A broken invariant that was not asked for ends the run (`stopped`), as in the explorer.
 */

#ifndef CPUS
#define CPUS 3
#endif
#ifndef SITES
#define SITES 2
#endif

#define M_NONE 0
#define M_NO_SYNC_1 1
#define M_NO_SYNC_2 2
#define M_NO_SYNC_3 3
#define M_TAIL_BEFORE_INT3 4
#define M_FIRST_BEFORE_TAIL 5
#define M_NO_INT3 6
#define M_NO_SERIALIZE 7
#define M_EARLY_RELEASE 8
#define M_UNSORTED_VECTOR 9
#define M_NO_TEXT_MUTEX 10
#define M_IPI_BEFORE_QUEUE 11
#define M_SYNC_WITH_IRQS_OFF 12
#define M_INT3_RETURN_NOT_SERIALIZING 13
#define M_SPLIT_OLD_CODE 14
#define M_RECORD_BEFORE_SYNC_1 15
#define M_RECORD_AFTER_STEP_3 16
#define M_NO_RECORD 17

#define C_I1 1
#define C_I2 2
#define C_I4 4
#define C_I5 5
#define C_I6 6
#define C_T 7
#define C_D 8

/* First byte: old, INT3, new. Tail: old, a mix, new. */
#define O 0
#define X 1
#define N 2

#define SETTLED 0
#define ARMING 1
#define ARMED 2

#define ELSEWHERE 0
#define FETCHED 1
#define INSIDE 2
#define TRAPPED 3
#define EMULATING 4

#define STALE (fetch == 1)
#define AT(c, s) ((c) * SITES + (s))
#define IRQS_ON(c) (!closed[c] && place[c] != TRAPPED && place[c] != EMULATING)
/* Termination needs CPUs that come to rest; with two patchers endless visits cost millions of states. */
#define COUNTED (check == C_T || mutant == M_NO_TEXT_MUTEX)
#define VISITS (mutant == M_NO_TEXT_MUTEX -> 1 : 2)
#define BIT(who) (1 << (who))

c_decl { \#include <stdlib.h> }

byte mutant, fetch, check;
bool stopped;

byte head[SITES], tail[SITES], phase[SITES], told[SITES], target[SITES];
byte vector[SITES], entries, refs;
bool text_mutex;

byte place[CPUS], site[CPUS], held_head[CPUS], held_tail[CPUS], visits[CPUS];
bool closed[CPUS], ipi[CPUS];
byte queue[CPUS];               /* bit 0, 1: patchers; bit 2: the other sender */
byte waiting[3];
byte may_head[CPUS * SITES], may_tail[CPUS * SITES];    /* bit v: the fetch may return v */
bool seen_new[CPUS * SITES];

inline broken(id)
{
	if
	:: check == id -> assert(false)
	:: else -> stopped = true
	fi
}

inline serialize(c)
{
	for (k : 0 .. SITES - 1) {
		may_head[AT(c, k)] = BIT(head[k]);
		may_tail[AT(c, k)] = BIT(tail[k])
	}
	k = 0
}

inline saw_store(s)
{
	for (k : 0 .. CPUS - 1) {
		may_head[AT(k, s)] = may_head[AT(k, s)] | BIT(head[s]);
		may_tail[AT(k, s)] = may_tail[AT(k, s)] | BIT(tail[s])
	}
	k = 0
}

/* The CPU decodes first byte h and tail t of site s. */
inline decode(c, s, h, t)
{
	if
	:: h == X -> place[c] = TRAPPED; site[c] = s
	:: h != X && h != t -> place[c] = ELSEWHERE; broken(C_I2)
	:: h != X && h == t ->
		if
		:: h != target[s] && (phase[s] != ARMING || seen_new[AT(c, s)]) ->
			place[c] = ELSEWHERE; broken(C_I1);
			if :: check == C_D && h != told[s] -> broken(C_D) :: else fi
		:: else ->
			if
			:: h != told[s] -> place[c] = ELSEWHERE; broken(C_D)
			:: else ->
				if :: h == target[s] -> seen_new[AT(c, s)] = true :: else fi;
				if
				:: mutant == M_SPLIT_OLD_CODE && h == O -> place[c] = INSIDE; site[c] = s
				:: else -> place[c] = ELSEWHERE; site[c] = 0
				fi
			fi
		fi
	fi
}

/* Bisection over the vector, addresses being site numbers. */
inline search(s)
{
	base = 0; count = entries; hit = false;
	do
	:: count > 0 && !hit ->
		pivot = base + (count >> 1);
		if
		:: vector[pivot] == s -> hit = true
		:: vector[pivot] < s -> base = pivot + 1; count = (count - 1) >> 1
		:: vector[pivot] > s -> count = count >> 1
		fi
	:: else -> break
	od
}

proctype Cpu(byte c)
{
	byte k, s, h, t, base, count, pivot;
	bool hit, member;

end:	do
	:: atomic { ipi[c] && IRQS_ON(c) && !stopped ->
		ipi[c] = false;
		if :: place[c] == FETCHED -> place[c] = ELSEWHERE; site[c] = 0; held_head[c] = 0; held_tail[c] = 0 :: else fi;
		if :: (queue[c] & 3) && mutant != M_NO_SERIALIZE -> serialize(c) :: else fi;
		for (k : 0 .. 2) {
			if :: queue[c] & BIT(k) -> waiting[k]-- :: else fi
		}
		k = 0;
		queue[c] = 0 }

	:: atomic { place[c] == ELSEWHERE && !closed[c] && !stopped && (!COUNTED || visits[c] < VISITS) ->
		if :: COUNTED -> visits[c]++ :: else fi;
		select(s : 0 .. SITES - 1);
		if
		:: !STALE ->
			place[c] = FETCHED; site[c] = s; held_head[c] = head[s]; held_tail[c] = tail[s]
		:: STALE ->
			if
			:: may_head[AT(c, s)] & BIT(O) -> h = O
			:: may_head[AT(c, s)] & BIT(X) -> h = X
			:: may_head[AT(c, s)] & BIT(N) -> h = N
			fi;
			if
			:: may_tail[AT(c, s)] & BIT(O) -> t = O
			:: may_tail[AT(c, s)] & BIT(N) -> t = N
			:: may_tail[AT(c, s)] == (BIT(O) | BIT(N)) -> t = X
			fi;
			decode(c, s, h, t)
		fi;
		s = 0; h = 0; t = 0 }

	:: atomic { place[c] == FETCHED && !stopped ->
		s = site[c]; h = held_head[c]; t = held_tail[c];
		held_head[c] = 0; held_tail[c] = 0;
		decode(c, s, h, t);
		s = 0; h = 0; t = 0 }

	:: atomic { place[c] == INSIDE && !stopped ->
		s = site[c];
		if
		:: !STALE -> t = tail[s]
		:: STALE && (may_tail[AT(c, s)] & BIT(O)) -> t = O
		:: STALE && (may_tail[AT(c, s)] & BIT(N)) -> t = N
		fi;
		place[c] = ELSEWHERE; site[c] = 0;
		if :: t == N -> broken(C_I6) :: else fi;
		s = 0; t = 0 }

	:: atomic { place[c] == TRAPPED && !stopped ->
		s = site[c];
		search(s);
		if
		:: refs > 0 && hit -> refs++; place[c] = EMULATING
		:: else ->
			member = false;
			for (k : 0 .. SITES - 1) {
				if :: k < entries && vector[k] == s -> member = true :: else fi
			}
			place[c] = ELSEWHERE; site[c] = 0;
			if :: refs > 0 && member -> broken(C_I5) :: else -> broken(C_I4) fi
		fi;
		s = 0; k = 0; base = 0; count = 0; pivot = 0; hit = false; member = false }

	:: atomic { place[c] == EMULATING && !stopped ->
		refs--;
		seen_new[AT(c, site[c])] = true;
		if :: mutant != M_INT3_RETURN_NOT_SERIALIZING -> serialize(c) :: else fi;
		place[c] = ELSEWHERE; site[c] = 0 }
	od
}

#define MAY_STEP (place[me] == ELSEWHERE || stopped)

inline arm(yes)
{
	if
	:: yes && !armed ->
		armed = true;
		for (k : lo .. hi) { phase[k] = ARMED }
		k = 0
	:: else
	fi
}

inline each_int3()
{
	for (i : lo .. hi) {
		atomic { MAY_STEP; head[i] = X; saw_store(i); serialize(me) }
	}
	i = 0
}

inline each_tail(arms)
{
	for (i : lo .. hi) {
		atomic { MAY_STEP; arm(arms); tail[i] = N; saw_store(i); serialize(me) }
	}
	i = 0
}

inline each_record(arms)
{
	for (i : lo .. hi) {
		atomic { MAY_STEP; arm(arms); if :: mutant != M_NO_RECORD -> told[i] = N :: else fi }
	}
	i = 0
}

inline each_tail_and_record()
{
	for (i : lo .. hi) {
		atomic { MAY_STEP; arm(true); tail[i] = N; saw_store(i); serialize(me) }
		atomic { MAY_STEP; if :: mutant != M_NO_RECORD -> told[i] = N :: else fi }
	}
	i = 0
}

inline each_first(arms)
{
	for (i : lo .. hi) {
		atomic { MAY_STEP; arm(arms); head[i] = N; saw_store(i); serialize(me) }
	}
	i = 0
}

inline each_in_place()
{
	for (i : lo .. hi) {
		atomic { MAY_STEP; arm(true); head[i] = N; saw_store(i); serialize(me) }
		atomic { MAY_STEP; tail[i] = N; saw_store(i); serialize(me) }
		atomic { MAY_STEP; told[i] = N }
	}
	i = 0
}

inline enqueue(who)
{
	for (k : 0 .. CPUS - 1) {
		if
		:: k != me ->
			if :: queue[k] == 0 && mutant != M_IPI_BEFORE_QUEUE -> ipi[k] = true :: else fi;
			queue[k] = queue[k] | BIT(who);
			waiting[who]++
		:: else
		fi
	}
	k = 0
}

inline sync(number)
{
	if
	:: mutant == number
	:: else ->
		if
		:: mutant == M_IPI_BEFORE_QUEUE ->
			atomic {
				MAY_STEP;
				for (k : 0 .. CPUS - 1) { if :: k != me -> ipi[k] = true :: else fi }
				k = 0
			}
		:: mutant == M_SYNC_WITH_IRQS_OFF -> atomic { MAY_STEP; closed[me] = true }
		:: else
		fi;
		atomic { MAY_STEP; enqueue(me); serialize(me) }
		atomic { (waiting[me] == 0 && place[me] == ELSEWHERE) || stopped };
		atomic { closed[me] = false }
	fi
}

inline leave()
{
	atomic { MAY_STEP; refs-- }
	atomic {
		(refs == 0 && place[me] == ELSEWHERE) || stopped;
		entries = 0;
		for (k : lo .. hi) { phase[k] = SETTLED }
		k = 0
	}
}

proctype Patcher(byte me, lo, hi)
{
	byte i, k;
	bool armed;

	if
	:: mutant != M_NO_TEXT_MUTEX -> atomic { !text_mutex || stopped; text_mutex = true }
	:: else
	fi;
	atomic {
		MAY_STEP;
		if :: refs > 0 -> broken(C_I5) :: else fi;
		entries = 0;
		for (k : lo .. hi) {
			vector[entries] = (mutant == M_UNSORTED_VECTOR -> hi - (k - lo) : k);
			entries++;
			phase[k] = ARMING;
			target[k] = N;
			for (i : 0 .. CPUS - 1) { seen_new[AT(i, k)] = false }
		}
		i = 0;
		k = 0;
		refs = 1
	}
	if
	:: mutant == M_TAIL_BEFORE_INT3 -> each_tail(false)
	:: else
	fi;
	if
	:: mutant != M_NO_INT3 -> each_int3()
	:: else -> each_in_place()
	fi;
	if
	:: mutant == M_RECORD_BEFORE_SYNC_1 -> each_record(false)
	:: else
	fi;
	sync(1);
	if
	:: mutant == M_NO_INT3
	:: mutant == M_TAIL_BEFORE_INT3 -> each_record(true); sync(2); each_first(false); sync(3)
	:: mutant == M_FIRST_BEFORE_TAIL -> each_first(true); sync(2); each_tail_and_record(); sync(3)
	:: mutant == M_RECORD_BEFORE_SYNC_1 -> each_tail(true); sync(2); each_first(false); sync(3)
	:: mutant == M_RECORD_AFTER_STEP_3 ->
		each_tail(true); sync(2); each_first(false); each_record(false); sync(3)
	:: mutant == M_EARLY_RELEASE ->
		each_tail_and_record(); sync(2); each_first(false); leave(); sync(3)
	:: else -> each_tail_and_record(); sync(2); each_first(false); sync(3)
	fi;
	if
	:: mutant != M_EARLY_RELEASE -> leave()
	:: else
	fi;
	text_mutex = false
}

/* smp_call_function_single(0, wait = 1) from the last CPU; the mutant keeps its interrupts closed. */
proctype Sender(byte me)
{
	atomic { MAY_STEP; closed[me] = true }
	atomic {
		if :: queue[0] == 0 -> ipi[0] = true :: else fi;
		queue[0] = queue[0] | BIT(2);
		waiting[2]++
	}
	waiting[2] == 0 || stopped;
	closed[me] = false
}

init
{
	byte c, k;

	atomic {
		c_code {
			now.mutant = atoi(getenv("MUTANT"));
			now.fetch = atoi(getenv("FETCH"));
			now.check = atoi(getenv("CHECK"));
		};
		for (c : 0 .. CPUS - 1) {
			serialize(c)
		}
		for (c : 0 .. CPUS - 1) {
			run Cpu(c)
		}
		if
		:: mutant == M_NO_TEXT_MUTEX -> run Patcher(0, 0, 0); run Patcher(1, 1, 1)
		:: mutant == M_SYNC_WITH_IRQS_OFF -> run Patcher(0, 0, SITES - 1); run Sender(CPUS - 1)
		:: else -> run Patcher(0, 0, SITES - 1)
		fi;
		c = 0
	}
}
