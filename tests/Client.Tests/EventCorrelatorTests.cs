using k8s.Models;

using Microsoft.Extensions.Time.Testing;

using MiniKube.Client.Events;

namespace MiniKube.Client.Tests;

public sealed class EventCorrelatorTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly EventCorrelator _correlator;

    public EventCorrelatorTests() => _correlator = new EventCorrelator(_clock);

    [Fact]
    public void Correlate_TheSameEventAgain_IsCounted()
    {
        var first = _correlator.Correlate(Event("Pulled", "image a"));
        var second = _correlator.Correlate(Event("Pulled", "image a") with { Metadata = new V1ObjectMeta { Name = "another" } });

        Assert.False(first?.IsRepeated);
        Assert.True(second?.IsRepeated);
        Assert.Equal(2, second?.Event.Count);
        Assert.Equal("first", second?.Event.Metadata.Name);
    }

    [Fact]
    public void Correlate_TheTenthMessageOfOneReason_IsCombined()
    {
        var messages = Enumerable.Range(0, 10).Select(i => _correlator.Correlate(Event("Failed", $"try {i}"))?.Event.Message).ToList();

        Assert.Equal("try 8", messages[8]);
        Assert.Equal("(combined from similar events): try 9", messages[9]);
    }

    [Fact]
    public void Correlate_MoreThanTwentyFiveAboutOneObject_AreDropped_UntilFiveMinutesHavePassed()
    {
        var kept = Enumerable.Range(0, 40).Count(i => _correlator.Correlate(Event($"Reason{i}", "why")) is not null);

        Assert.Equal(25, kept);
        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.NotNull(_correlator.Correlate(Event("Later", "why")));
    }

    private static Corev1Event Event(string reason, string message) => new()
    {
        Metadata = new V1ObjectMeta { Name = "first", NamespaceProperty = "default" },
        InvolvedObject = new V1ObjectReference { Kind = "Pod", Name = "web", Uid = "uid" },
        Type = "Normal",
        Reason = reason,
        Message = message,
        Count = 1,
    };
}
