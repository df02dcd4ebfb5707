using Grpc.Core;

namespace MiniKube.Storage.Etcd;

/// <summary>
/// What etcd's errors mean. The status codes are shared by many errors, so that the words have to be looked at too: they are fixed in
/// etcd's rpctypes package, and its own clients tell errors apart by them.
/// </summary>
internal static class EtcdErrors
{
    private const string Compacted = "etcdserver: mvcc: required revision has been compacted";
    private const string FutureRevision = "etcdserver: mvcc: required revision is a future revision";
    private const string NoSpace = "etcdserver: mvcc: database space exceeded";
    private const string TooManyRequests = "etcdserver: too many requests";
    private const string NoLeader = "etcdserver: no leader";
    private const string NotForLearner = "etcdserver: rpc not supported for learner";
    private const string NotCapable = "etcdserver: not capable";
    private const string LeaseNotFound = "etcdserver: requested lease not found";

    /// <summary>An answer that every member would give; null when another member, or the same one later, may answer better.</summary>
    public static StorageException? AsAnswer(RpcException error)
    {
        StorageErrorKind? kind = (error.StatusCode, error.Status.Detail) switch
        {
            (StatusCode.OutOfRange, Compacted) => StorageErrorKind.Compacted,
            (StatusCode.OutOfRange, FutureRevision) => StorageErrorKind.FutureRevision,
            (StatusCode.ResourceExhausted, NoSpace) => StorageErrorKind.NoSpace,
            (StatusCode.ResourceExhausted, TooManyRequests) => null,
            (StatusCode.ResourceExhausted, _) => StorageErrorKind.TooLarge,
            (StatusCode.InvalidArgument, "etcdserver: request is too large") => StorageErrorKind.TooLarge,
            (StatusCode.InvalidArgument, "etcdserver: too many operations in txn request") => StorageErrorKind.TooLarge,
            (StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Cancelled, _) => null,
            (StatusCode.Internal or StatusCode.Unknown, _) => null,
            _ => StorageErrorKind.Failed,
        };
        return kind is { } known ? new StorageException(known, error.Status.Detail, error) : null;
    }

    public static bool IsLeaseNotFound(RpcException error) =>
        error.StatusCode == StatusCode.NotFound && error.Status.Detail == LeaseNotFound;

    /// <summary>
    /// Whether a write surely did not happen: no connection was made, or the member refused before it proposed anything.
    /// </summary>
    public static bool IsNotSent(RpcException error) =>
        error.Status.Detail is NoLeader or NotForLearner or NotCapable or TooManyRequests
        || error.Status.DebugException is HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError,
        };

    /// <summary>Whether the member itself said so, and not what lies between: all its errors begin with its name.</summary>
    public static bool IsFromMember(RpcException error) => error.Status.Detail.StartsWith("etcdserver:", StringComparison.Ordinal);

    public static StorageException Unavailable(Exception? reason) =>
        new(StorageErrorKind.Unavailable, $"etcd does not answer: {Words(reason)}", reason);

    public static StorageException Unknown(Exception? reason) =>
        new(StorageErrorKind.Unknown, $"etcd may or may not have carried out the write: {Words(reason)}", reason);

    private static string Words(Exception? reason) => reason is RpcException rpc ? rpc.Status.Detail : reason?.Message ?? "no answer in time";
}
