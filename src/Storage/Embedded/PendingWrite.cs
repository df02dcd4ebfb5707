namespace MiniKube.Storage.Embedded;

/// <summary>A write that waits for the writing thread, and its caller for the answer.</summary>
internal sealed class PendingWrite(Func<CommitBatch, TransactionResult> judge, CancellationToken cancellationToken)
    : TaskCompletionSource<TransactionResult>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    private TransactionResult? _result;
    private StorageException? _refusal;

    /// <summary>Whether the caller has gone before the write was begun.</summary>
    public bool IsAbandoned => cancellationToken.IsCancellationRequested;

    /// <summary>Judges the write. May be repeated: a batch that found no space is tried again one by one.</summary>
    public void Judge(CommitBatch batch)
    {
        try
        {
            _result = judge(batch);
        }
        catch (StorageException e)
        {
            _refusal = e;
        }
    }

    /// <summary>Answers with what <see cref="Judge"/> found, now that it is durable.</summary>
    public void Acknowledge()
    {
        if (_result is not null)
        {
            TrySetResult(_result);
        }
        else if (_refusal is not null)
        {
            TrySetException(_refusal);
        }
    }
}
