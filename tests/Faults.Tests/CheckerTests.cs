using MiniKube.Faults.Tests.Checking;
using MiniKube.Faults.Tests.Histories;

namespace MiniKube.Faults.Tests;

/// <summary>The checkers find what they are for, and nothing else.</summary>
public sealed class CheckerTests
{
    [Fact]
    public void History_OneAfterTheOther_IsExplained() => Assert.Empty(Check(
        Did(OperationKind.Create, "a", 0, 5, 0, 1), Read("a", 5, 2, 3), Did(OperationKind.Update, "b", 5, 7, 4, 5), Read("b", 7, 6, 7), Did(OperationKind.Delete, null, 7, 0, 8, 9),
        Told(OperationKind.Read, Outcome.NotFound, 0, 10, 11)));

    [Fact]
    public void History_ReadOfAnOldValueAfterAWriteReturned_IsFound() =>
        Assert.Single(Check(Did(OperationKind.Create, "a", 0, 5, 0, 1), Did(OperationKind.Update, "b", 5, 7, 2, 3), Read("a", 5, 4, 5)));

    [Fact]
    public void History_ReadOfAnOldValueWhileTheWriteIsUnderWay_IsExplained() =>
        Assert.Empty(Check(Did(OperationKind.Create, "a", 0, 5, 0, 1), Did(OperationKind.Update, "b", 5, 7, 2, 6), Read("a", 5, 3, 4)));

    [Fact]
    public void History_LostWrite_IsFound() =>
        Assert.Single(Check(Did(OperationKind.Create, "a", 0, 5, 0, 1), Told(OperationKind.Read, Outcome.NotFound, 0, 2, 3)));

    [Fact]
    public void History_TwoUpdatesOfOneVersion_IsFound() => Assert.Single(Check(
        Did(OperationKind.Create, "a", 0, 5, 0, 1), Did(OperationKind.Update, "b", 5, 7, 2, 9), Did(OperationKind.Update, "c", 5, 8, 3, 8)));

    [Fact]
    public void History_VersionThatFalls_IsFound() =>
        Assert.Single(Check(Did(OperationKind.Create, "a", 0, 5, 0, 1), Did(OperationKind.Update, "b", 5, 4, 2, 3)));

    [Theory]
    [InlineData("a", 5)]
    [InlineData("b", 9)]
    public void History_WriteWithoutAnAnswer_MayHaveHappenedOrNot(string value, long version) => Assert.Empty(Check(
        Did(OperationKind.Create, "a", 0, 5, 0, 1), Told(OperationKind.Update, Outcome.Unknown, 5, 2, long.MaxValue, "b"), Read(value, version, 20, 21)));

    [Fact]
    public void History_WriteWithoutAnAnswerThatComesAndGoes_IsFound() => Assert.Single(Check(
        Did(OperationKind.Create, "a", 0, 5, 0, 1), Told(OperationKind.Update, Outcome.Unknown, 5, 2, long.MaxValue, "b"), Read("b", 9, 20, 21), Read("a", 5, 22, 23)));

    [Fact]
    public void History_RefusedWithoutReason_IsFound() =>
        Assert.Single(Check(Did(OperationKind.Create, "a", 0, 5, 0, 1), Told(OperationKind.Update, Outcome.Conflict, 5, 2, 3, "b")));

    [Fact]
    public void Watch_WhatHappened_IsRight() => Assert.Empty(WatchChecker.Check(Truth, [new WatchRange("w", 1, [.. Truth.Skip(1).Take(2)])]));

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 1)]
    [InlineData(1, 1)]
    [InlineData(0, 1)]
    public void Watch_GapOrderOrRepetition_IsFound(int first, int second) =>
        Assert.Single(WatchChecker.Check(Truth, [new WatchRange("w", 1, [Truth[first], Truth[second]])]));

    [Theory]
    [InlineData(1.2, false, null, true)]
    [InlineData(1.4, false, null, false)]
    [InlineData(3.2, true, null, true)]
    [InlineData(3.4, true, null, false)]
    [InlineData(9, false, "a", true)]
    [InlineData(9, false, "b", false)]
    public void Outage_OfAServerWhoseStoreWasAwayForAThirdOfASecond_IsRightOrFound(double seconds, bool silent, string? hit, bool right)
    {
        var begins = TimeSpan.FromSeconds(10);
        var store = new Span(begins, begins + TimeSpan.FromSeconds(0.3));
        var outage = new Span(begins, begins + TimeSpan.FromSeconds(seconds));
        var fault = new FaultTime(new Span(begins, begins + TimeSpan.FromSeconds(2)), hit, silent);

        Assert.Equal(right ? 0 : 1, AvailabilityChecker.Check("a", [outage], [store], [fault], 1).Count);
    }

    private static IReadOnlyList<ObjectEvent> Truth =>
        [new("ADDED", "x", 1, "a"), new("MODIFIED", "x", 2, "b"), new("ADDED", "y", 3, "c"), new("DELETED", "x", 4, "b")];

    private static IReadOnlyList<string> Check(params Operation[] operations) => LinearizabilityChecker.Check(operations);

    private static Operation Did(OperationKind kind, string? value, long versionIn, long versionOut, long call, long end) =>
        new(1, "x", kind, value, versionIn, versionOut, call, end, Outcome.Ok);

    private static Operation Read(string value, long version, long call, long end) => Did(OperationKind.Read, value, 0, version, call, end);

    private static Operation Told(OperationKind kind, Outcome outcome, long versionIn, long call, long end, string? value = null) =>
        new(1, "x", kind, value, versionIn, 0, call, end, outcome);
}
