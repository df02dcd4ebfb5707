namespace MiniKube.Faults.Tests.Elections;

/// <summary>The checker finds what it is for, and nothing else.</summary>
public sealed class EpochCheckerTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Epochs_OneAfterTheOther_AreRight() =>
        Assert.Empty(EpochChecker.Check([Write("a", 5, 0, 1), Write("a", 5, 2, 3), Write("b", 9, 4, 5), Write("a", 12, 6, 7)]));

    [Fact]
    public void Epochs_WhoseWritesMayHaveHappenedInOrder_AreRight() => Assert.Empty(EpochChecker.Check([Write("a", 5, 0, 9), Write("b", 9, 2, 3)]));

    [Fact]
    public void Epochs_OfTwoLeases_HaveNothingToDoWithEachOther() =>
        Assert.Empty(EpochChecker.Check([Write("a", 5, 4, 5), Write("b", 9, 0, 1) with { Lease = "other" }]));

    [Fact]
    public void WriteOfAnEpochThatIsOver_IsFound() => Assert.Single(EpochChecker.Check([Write("a", 5, 0, 1), Write("b", 9, 2, 3), Write("a", 5, 4, 5)]));

    [Fact]
    public void WriteOfAnEpochThatIsOver_AndRefused_IsRight() =>
        Assert.Empty(EpochChecker.Check([Write("a", 5, 0, 1), Write("b", 9, 2, 3), Write("a", 5, 4, 5) with { Code = 412 }]));

    [Fact]
    public void TwoHoldersOfOneEpoch_AreFound() => Assert.Single(EpochChecker.Check([Write("a", 5, 0, 1), Write("b", 5, 2, 3)]));

    [Fact]
    public void Line_OfTheLog_IsRead()
    {
        var record = AuditRecord.Parse("""
            {"kind":"Event","apiVersion":"audit.k8s.io/v1","verb":"create","user":{"username":"scheduler-1"},"objectRef":{"resource":"pods","namespace":"default","name":"p","subresource":"binding"},
            "responseStatus":{"metadata":{},"code":201},"requestReceivedTimestamp":"2026-11-23T12:00:00.000000Z","stageTimestamp":"2026-11-23T12:00:00.250000Z",
            "annotations":{"minikube.dev/fence":"kube-system/kube-scheduler:17"}}
            """);

        Assert.Equal(new AuditRecord("scheduler-1", "create", "pods/binding", "p", 201, "kube-scheduler", 17, Start, Start.AddMilliseconds(250)), record);
    }

    private static AuditRecord Write(string user, long epoch, int received, int completed) =>
        new(user, "create", "pods", "p", 201, "lease", epoch, Start.AddSeconds(received), Start.AddSeconds(completed));
}
