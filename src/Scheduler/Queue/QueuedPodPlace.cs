namespace MiniKube.Scheduler.Queue;

/// <summary>Where in the queue a pod stands.</summary>
internal enum QueuedPodPlace
{
    /// <summary>Ready to be tried.</summary>
    Active,

    /// <summary>Worth another try after its back-off.</summary>
    Backoff,

    /// <summary>Waits for an event that may help.</summary>
    Unschedulable,

    /// <summary>Waits for its scheduling gates to be removed.</summary>
    Gated,

    /// <summary>Being scheduled or bound.</summary>
    InFlight,
}
