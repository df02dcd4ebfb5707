namespace MiniKube.ApiServer.Tests.BadInputs;

/// <summary>What an attack cost the server.</summary>
/// <param name="Time">How long it lasted.</param>
/// <param name="Memory">By how many bytes the process was larger than before, at its greatest.</param>
/// <param name="HealthyWait">The longest that a healthy client waited for an answer meanwhile.</param>
public sealed record AttackCost(TimeSpan Time, long Memory, TimeSpan HealthyWait)
{
    private const long MebiByte = 1024 * 1024;

    /// <summary>The bounds are wide: the machine may be busy with other tests. What is unbounded goes beyond any.</summary>
    public void ExpectWithin(TimeSpan time, int mebibytes = 300)
    {
        Assert.True(Time <= time, $"{this}: longer than {time}");
        Assert.True(Memory <= mebibytes * MebiByte, $"{this}: more than {mebibytes} MiB");
        Assert.True(HealthyWait <= time, $"{this}: a healthy client waited longer than {time}");
    }
}
