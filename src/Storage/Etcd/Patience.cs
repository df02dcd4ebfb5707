using Grpc.Core;

namespace MiniKube.Storage.Etcd;

/// <summary>How long one request may still take, and each attempt of it.</summary>
internal sealed class Patience(TimeSpan total, TimeSpan firstAttempt, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly long _start = time.GetTimestamp();
    private TimeSpan _attempt = firstAttempt;

    public TimeSpan Attempt => _attempt < Left ? _attempt : Left;

    private TimeSpan Left
    {
        get
        {
            var left = total - time.GetElapsedTime(_start);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>
    /// Pauses before all members are asked again; false when the time is over. If they were slow rather than away, they get twice as
    /// long: a busy machine answers late, and asking it again and again makes it later.
    /// </summary>
    public async Task<bool> NextRoundAsync(RpcException? last, CancellationToken cancellationToken)
    {
        if (last?.StatusCode == StatusCode.DeadlineExceeded)
        {
            _attempt *= 2;
        }

        if (Left <= Pause)
        {
            return false;
        }

        await Task.Delay(Pause, time, cancellationToken);
        return true;
    }
}
