using System.Text;

namespace MiniKube.Storage;

/// <summary>What every store accepts as one transaction: etcd's default limits, checked before anything is sent or queued.</summary>
public static class TransactionLimits
{
    /// <summary>etcd's <c>--max-txn-ops</c>.</summary>
    public const int MaxOperations = 128;

    /// <summary>etcd's <c>--max-request-bytes</c>: 1.5 MiB of keys and values.</summary>
    public const int MaxRequestBytes = 1536 * 1024;

    /// <summary>Throws TooLarge for what exceeds a limit, <see cref="ArgumentException"/> for what no store could make sense of.</summary>
    public static void Check(Transaction transaction)
    {
        var operations = transaction.Operations;
        if (operations.Count > MaxOperations || transaction.Compares.Count > MaxOperations)
        {
            throw new StorageException(StorageErrorKind.TooLarge, $"too many operations in one transaction, at most {MaxOperations}");
        }

        var bytes = 0L;
        for (var i = 0; i < operations.Count; i++)
        {
            var (key, value, timeToLive) = operations[i];
            ArgumentException.ThrowIfNullOrEmpty(key, nameof(transaction));
            if (timeToLive is { Ticks: <= 0 })
            {
                throw new ArgumentException($"the time to live of {key} is not positive", nameof(transaction));
            }

            for (var j = 0; j < i; j++)
            {
                if (string.Equals(operations[j].Key, key, StringComparison.Ordinal))
                {
                    throw new ArgumentException($"{key} is changed twice in one transaction", nameof(transaction));
                }
            }

            bytes += Encoding.UTF8.GetByteCount(key) + (value?.Length ?? 0);
        }

        if (bytes > MaxRequestBytes)
        {
            throw new StorageException(StorageErrorKind.TooLarge, $"the request is too large: {bytes} bytes, at most {MaxRequestBytes}");
        }
    }
}
