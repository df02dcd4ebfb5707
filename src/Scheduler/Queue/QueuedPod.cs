using MiniKube.Scheduler.Framework;

namespace MiniKube.Scheduler.Queue;

/// <summary>A pod that waits for a node. Owned by the queue, which changes it only under its lock.</summary>
internal sealed class QueuedPod(PodInfo pod, DateTimeOffset now, long sequence)
{
    public PodInfo Pod { get; set; } = pod;

    public QueuedPodPlace Place { get; set; }

    /// <summary>Since when it stands where it stands.</summary>
    public DateTimeOffset Since { get; set; } = now;

    /// <summary>Tells pods apart that came at the same time.</summary>
    public long Sequence { get; } = sequence;

    /// <summary>How often scheduling was tried.</summary>
    public int Attempts { get; set; }

    public DateTimeOffset BackoffUntil { get; set; }

    /// <summary>The plugins that refused it the last time; empty after an error.</summary>
    public IReadOnlySet<string> RefusedBy { get; set; } = new HashSet<string>();

    /// <summary>While in flight: the number of the first event that its try has not seen.</summary>
    public long FirstUnseenEvent { get; set; }

    /// <summary>While in flight: the pod became another than the one that is being tried, in a way that may help.</summary>
    public bool ChangedInFlight { get; set; }
}
