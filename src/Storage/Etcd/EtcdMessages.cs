using Etcdserverpb;
using Google.Protobuf;

namespace MiniKube.Storage.Etcd;

/// <summary>Our words to etcd's messages and back. Values are not copied in either direction.</summary>
internal static class EtcdMessages
{
    public static ByteString Key(string key) => ByteString.CopyFromUtf8(key);

    public static TxnRequest ToRequest(Transaction transaction, IReadOnlyList<long> leases)
    {
        var request = new TxnRequest();
        foreach (var compare in transaction.Compares)
        {
            request.Compare.Add(new Etcdserverpb.Compare
            {
                Key = Key(compare.Key),
                Target = Etcdserverpb.Compare.Types.CompareTarget.Mod,
                Result = Etcdserverpb.Compare.Types.CompareResult.Equal,
                ModRevision = compare.ModRevision,
            });

            // What stands in the way is read in the same step.
            request.Failure.Add(new RequestOp { RequestRange = new RangeRequest { Key = Key(compare.Key) } });
        }

        for (var i = 0; i < transaction.Operations.Count; i++)
        {
            request.Success.Add(ToRequest(transaction.Operations[i], leases[i]));
        }

        return request;
    }

    public static TransactionResult ToResult(Transaction transaction, TxnResponse response)
    {
        if (response.Succeeded)
        {
            return new TransactionResult(true, response.Header.Revision, null);
        }

        for (var i = 0; i < transaction.Compares.Count; i++)
        {
            var found = response.Responses[i].ResponseRange.Kvs;
            var current = found.Count == 0 ? null : ToKeyValue(found[0]);
            if ((current?.ModRevision ?? 0) != transaction.Compares[i].ModRevision)
            {
                return new TransactionResult(false, response.Header.Revision, current, i);
            }
        }

        throw new StorageException(StorageErrorKind.Failed, "etcd refused a transaction of which every compare holds");
    }

    public static KeyValue ToKeyValue(Mvccpb.KeyValue item) =>
        new(item.Key.ToStringUtf8(), item.Value.Memory, item.CreateRevision, item.ModRevision, item.Version);

    public static KeyEvent ToEvent(Mvccpb.Event change) =>
        new(change.Type == Mvccpb.Event.Types.EventType.Delete ? KeyEventType.Delete : KeyEventType.Put, ToKeyValue(change.Kv));

    private static RequestOp ToRequest(Operation operation, long lease) =>
        operation.Value is { } value
            ? new RequestOp { RequestPut = new PutRequest { Key = Key(operation.Key), Value = UnsafeByteOperations.UnsafeWrap(value), Lease = lease } }
            : new RequestOp { RequestDeleteRange = new DeleteRangeRequest { Key = Key(operation.Key) } };
}
