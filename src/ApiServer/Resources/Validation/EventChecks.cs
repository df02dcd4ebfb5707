using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;
using MiniKube.Api.Validation;

namespace MiniKube.ApiServer.Resources.Validation;

/// <summary>
/// Events in the form of core/v1. Everything that comes as core/v1 meets the old rules only; what comes as events.k8s.io/v1 is held to the form that client-go's
/// recorder writes, of which only the series may change.
/// </summary>
internal static class EventChecks
{
    private const int TextLimit = 128;
    private const int NoteLimit = 1024;

    private static readonly string[] Fixed =
    [
        "involvedObject", "reason", "message", "source", "firstTimestamp", "lastTimestamp", "count", "reason", "type", "eventTime", "action", "related",
    ];

    /// <param name="event">The event.</param>
    /// <param name="controllerField">What the request's version calls the reporting controller.</param>
    public static void Legacy(Field @event, string controllerField)
    {
        var place = @event["metadata"]["namespace"].Text;
        var about = @event["involvedObject"]["namespace"];
        if (!@event["eventTime"].IsSet)
        {
            // Events about cluster-scoped objects are in the default namespace.
            if (about.Text.Length == 0 ? place is not ("" or "default") : place != about.Text)
            {
                about.Invalid("does not match event.namespace");
            }

            return;
        }

        if (about.Text.Length == 0 && place is not ("default" or "kube-system"))
        {
            about.Invalid("does not match event.namespace");
        }

        var controller = @event[controllerField].With(@event["reportingComponent"].Value);
        controller.NotEmpty();
        controller.Name(Names.QualifiedName);
        Text(@event["reportingInstance"]);
        Text(@event["action"]);
        Text(@event["reason"]);
        Short(@event["message"], NoteLimit);
    }

    /// <summary>A new event of events.k8s.io/v1.</summary>
    public static void New(Field @event)
    {
        @event["metadata"]["name"].Name(Names.DnsSubdomain);
        Series(@event["series"]);
        @event["eventTime"].IsSetOrRequired();
        if (@event["type"].Text is not ("Normal" or "Warning"))
        {
            @event["type"].InvalidValue("", $"has invalid value: {@event["type"].Text}");
        }

        foreach (var name in (string[])["firstTimestamp", "lastTimestamp", "count", "source"])
        {
            var field = @event[name];
            if (field.IsSet && field.Number != 0 && field.Value is not JsonObject { Count: 0 })
            {
                field.InvalidValue("", "needs to be unset");
            }
        }
    }

    /// <summary>A change by events.k8s.io/v1.</summary>
    public static void Changed(Field @event, JsonObject before)
    {
        if (!JsonNode.DeepEquals(@event["series"].Value, before["series"]))
        {
            Series(@event["series"]);
        }

        foreach (var name in Fixed)
        {
            if (name != "eventTime" || !IsSameTime(@event[name].Text, before.StringAt(name)))
            {
                @event[name].Unchanged(before[name]);
            }
        }

        @event["reportingController"].With(@event["reportingComponent"].Value).Unchanged(before["reportingComponent"]);
        @event["reportingInstance"].Unchanged(before["reportingInstance"]);
    }

    private static void Series(Field series)
    {
        if (!series.IsSet)
        {
            return;
        }

        if (series["count"].Number is null or < 2)
        {
            series["count"].InvalidValue("", "should be at least 2");
        }

        series["lastObservedTime"].IsSetOrRequired();
    }

    private static void IsSetOrRequired(this Field field)
    {
        if (!field.IsSet)
        {
            field.Required();
        }
    }

    private static void Text(Field field)
    {
        field.NotEmpty();
        Short(field, TextLimit);
    }

    private static void Short(Field field, int limit)
    {
        if (Encoding.UTF8.GetByteCount(field.Text) > limit)
        {
            field.InvalidValue("", $"can have at most {limit} characters");
        }
    }

    // Clients may have kept fewer digits than there were.
    private static bool IsSameTime(string now, string? before) =>
        DateTimeOffset.TryParse(now, CultureInfo.InvariantCulture, out var one)
        && DateTimeOffset.TryParse(before, CultureInfo.InvariantCulture, out var other)
        && one.Ticks / TimeSpan.TicksPerMicrosecond == other.Ticks / TimeSpan.TicksPerMicrosecond;
}
