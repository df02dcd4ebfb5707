using Microsoft.Extensions.Time.Testing;

using MiniKube.Api.Meta;
using MiniKube.Client.Controllers;

namespace MiniKube.Client.Tests;

public sealed class ExpectationsTests
{
    private static readonly NamespacedName Key = new("default", "web");

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void AreMet_OnlyWhenEveryCreationWasSeen()
    {
        var expectations = new Expectations(_clock);
        expectations.ExpectCreations(Key, 2);

        expectations.CreationObserved(Key);
        Assert.False(expectations.AreMet(Key));
        expectations.CreationObserved(Key);

        Assert.True(expectations.AreMet(Key));
    }

    [Fact]
    public void AreMet_DeletionSeenTwiceForOnePod_DoesNotCountForAnother()
    {
        var expectations = new Expectations(_clock);
        expectations.ExpectDeletions(Key, ["a", "b"]);

        expectations.DeletionObserved(Key, "a");
        expectations.DeletionObserved(Key, "a");
        Assert.False(expectations.AreMet(Key));
        expectations.DeletionObserved(Key, "b");

        Assert.True(expectations.AreMet(Key));
    }

    [Fact]
    public void AreMet_AfterFiveMinutes_IsGivenUp()
    {
        var expectations = new Expectations(_clock);
        expectations.ExpectCreations(Key, 1);

        _clock.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1));

        Assert.True(expectations.AreMet(Key));
    }
}
