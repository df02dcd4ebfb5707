using System.Text.Json.Nodes;

namespace MiniKube.ApiServer.Tests.Resources;

/// <summary>Upstream's words about jobs and cron jobs.</summary>
public sealed class JobValidationTests
{
    private const string Template = "\"template\":{\"spec\":{\"restartPolicy\":\"Never\",\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]}}";

    [Fact]
    public void Job_AsCreated_HasNoFaultAndUpstreamsLabels()
    {
        var job = Create(Template);

        Assert.Empty(Strategies.Of("jobs").Validate(job));
        Assert.Equal("""{"matchLabels":{"batch.kubernetes.io/controller-uid":"u1"}}""", job["spec"]!["selector"]!.ToJsonString());
        Assert.Equal(
            """{"controller-uid":"u1","job-name":"j","batch.kubernetes.io/controller-uid":"u1","batch.kubernetes.io/job-name":"j"}""",
            job["spec"]!["template"]!["metadata"]!["labels"]!.ToJsonString());
    }

    [Theory]
    [InlineData("\"parallelism\":-1", "spec.parallelism: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("\"completionMode\":\"Other\"", "spec.completionMode: Unsupported value: \"Other\": supported values: \"NonIndexed\", \"Indexed\"")]
    [InlineData("\"completionMode\":\"Indexed\",\"parallelism\":1", "spec.completions: Required value: when completion mode is Indexed")]
    [InlineData("\"completionMode\":\"Indexed\",\"completions\":1,\"parallelism\":100001", "spec.parallelism: Invalid value: 100001: must be less than or equal to 100000 when completion mode is Indexed")]
    [InlineData("\"backoffLimitPerIndex\":1", "spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode")]
    [InlineData("\"completionMode\":\"Indexed\",\"completions\":2,\"maxFailedIndexes\":1", "spec.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified")]
    [InlineData("\"managedBy\":\"me\"", "spec.managedBy: Invalid value: \"me\": must be a domain-prefixed path (such as \"acme.io/foo\")")]
    [InlineData("\"managedBy\":\"a.io/b c\"", "spec.managedBy: Invalid value: \"b c\": Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')")]
    [InlineData("\"completionMode\":\"Other\",\"backoffLimitPerIndex\":1", "spec.completionMode: Unsupported value: \"Other\": supported values: \"NonIndexed\", \"Indexed\"")]
    [InlineData("\"successPolicy\":{},\"podFailurePolicy\":{\"rules\":[{\"action\":\"Count\"}]}", "spec.podFailurePolicy.rules[0]: Invalid value: specifying one of OnExitCodes and OnPodConditions is required\nspec.successPolicy: Invalid value: {}: requires indexed completion mode")]
    [InlineData("\"podReplacementPolicy\":\"Soon\"", "spec.podReplacementPolicy: Unsupported value: \"Soon\": supported values: \"Failed\", \"TerminatingOrFailed\"")]
    [InlineData("\"podFailurePolicy\":{\"rules\":[{}]}", "spec.podFailurePolicy.rules[0].action: Required value: valid values: [\"Count\" \"FailIndex\" \"FailJob\" \"Ignore\"]\nspec.podFailurePolicy.rules[0]: Invalid value: specifying one of OnExitCodes and OnPodConditions is required")]
    [InlineData("\"podFailurePolicy\":{\"rules\":[{\"action\":\"FailIndex\",\"onExitCodes\":{\"operator\":\"In\",\"values\":[1]}}]}", "spec.podFailurePolicy.rules[0].action: Invalid value: \"FailIndex\": requires the backoffLimitPerIndex to be set")]
    [InlineData("\"podFailurePolicy\":{\"rules\":[{\"action\":\"FailJob\",\"onExitCodes\":{\"operator\":\"In\",\"containerName\":\"x\",\"values\":[0,2,1,1]}}]}", "spec.podFailurePolicy.rules[0].onExitCodes.containerName: Invalid value: \"x\": must be one of the container or initContainer names in the pod template\nspec.podFailurePolicy.rules[0].onExitCodes.values[0]: Invalid value: 0: must not be 0 for the In operator\nspec.podFailurePolicy.rules[0].onExitCodes.values[3]: Duplicate value: 1\nspec.podFailurePolicy.rules[0].onExitCodes.values: Invalid value: [0,2,1,1]: must be ordered")]
    [InlineData("\"podFailurePolicy\":{\"rules\":[{\"action\":\"Ignore\",\"onPodConditions\":[{\"type\":\"DisruptionTarget\"}]}]}", "")]
    [InlineData("\"successPolicy\":{\"rules\":[{\"succeededCount\":1}]}", "spec.successPolicy: Invalid value: {\"rules\":[{\"succeededCount\":1}]}: requires indexed completion mode")]
    [InlineData("\"completionMode\":\"Indexed\",\"completions\":5,\"successPolicy\":{\"rules\":[{}]}", "spec.successPolicy.rules[0]: Required value: at least one of succeededCount or succeededIndexes must be specified")]
    [InlineData("\"completionMode\":\"Indexed\",\"completions\":5,\"successPolicy\":{\"rules\":[{\"succeededIndexes\":\"invalid-format\"}]}", "spec.successPolicy.rules[0].succeededIndexes: Invalid value: \"invalid-format\": error parsing succeededIndexes: cannot convert string to integer for index: \"invalid\"")]
    [InlineData("\"completionMode\":\"Indexed\",\"completions\":5,\"successPolicy\":{\"rules\":[{\"succeededIndexes\":\"0-2,7\"}]}", "spec.successPolicy.rules[0].succeededIndexes: Invalid value: \"0-2,7\": error parsing succeededIndexes: too large index: \"7\"")]
    [InlineData("\"completionMode\":\"Indexed\",\"completions\":5,\"successPolicy\":{\"rules\":[{\"succeededIndexes\":\"0-2\",\"succeededCount\":4}]}", "spec.successPolicy.rules[0].succeededCount: Invalid value: 4: must be less than or equal to 3 (the number of indexes in the specified succeededIndexes field)")]
    public void Job_BadField_GivesUpstreamsText(string field, string faults) =>
        Assert.Equal(faults, string.Join("\n", Strategies.Of("jobs").Validate(Create(field + "," + Template))));

    [Theory]
    [InlineData("Always", "spec.template.spec.restartPolicy: Required value: valid values: \"OnFailure\", \"Never\"")]
    [InlineData("Often", "spec.template.spec.restartPolicy: Unsupported value: \"Often\": supported values: \"Always\", \"OnFailure\", \"Never\"\nspec.template.spec.restartPolicy: Unsupported value: \"Often\": supported values: \"OnFailure\", \"Never\"")]
    public void Job_RestartPolicy_IsOneThatEnds(string policy, string faults) => Assert.Equal(
        faults, string.Join("\n", Strategies.Of("jobs").Validate(Create(Template.Replace("Never", policy, StringComparison.Ordinal)))));

    [Fact]
    public void Job_GeneratedLabels_AreLookedAtOnlyOnce()
    {
        var old = Create("\"suspend\":true," + Template);
        var job = (JsonObject)old.DeepClone();
        job["spec"]!["template"]!["metadata"]!["labels"]!["job-name"] = "other";

        Assert.Empty(Strategies.Of("jobs").ValidateUpdate(job, old));
    }

    [Theory]
    [InlineData("\"completions\":3", "spec.completions: Invalid value: 3: field is immutable")]
    [InlineData("\"completionMode\":\"Indexed\"", "spec.completionMode: Invalid value: \"Indexed\": field is immutable")]
    [InlineData("\"parallelism\":5,\"activeDeadlineSeconds\":9,\"suspend\":true", "")]
    [InlineData("\"managedBy\":\"a.io/b\"", "spec.managedBy: Invalid value: \"a.io/b\": field is immutable")]
    public void Job_Change_IsRefusedButForAFewFields(string field, string faults)
    {
        var old = Create("\"completions\":1," + Template);
        var job = Create(field.Contains("completions", StringComparison.Ordinal) ? field + "," + Template : "\"completions\":1," + field + "," + Template);

        Assert.Equal(faults, string.Join("\n", Strategies.Of("jobs").ValidateUpdate(job, old)));
    }

    [Fact]
    public void Job_TemplateOfASuspendedOne_MayChooseNodesOnly()
    {
        var old = Create("\"suspend\":true," + Template);
        var chooses = Create("\"suspend\":true," + Template.Replace("\"restartPolicy\"", "\"nodeSelector\":{\"a\":\"b\"},\"restartPolicy\"", StringComparison.Ordinal));
        var changes = Create("\"suspend\":true," + Template.Replace("\"image\":\"i\"", "\"image\":\"j\"", StringComparison.Ordinal));

        Assert.Empty(Strategies.Of("jobs").ValidateUpdate(chooses, old));
        Assert.Contains(Strategies.Of("jobs").ValidateUpdate(changes, old), fault => fault.Field == "spec.template" && fault.Message.EndsWith("field is immutable", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"failed":1,"active":-1}""", "status.active: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("""{"failed":0}""", "status.failed: Invalid value: 0: cannot decrease the failed counter")]
    [InlineData("""{"failed":1,"ready":1}""", "status.ready: Invalid value: 1: cannot set more ready pods than active")]
    [InlineData("""{"failed":1,"completedIndexes":"0"}""", "status.completedIndexes: Invalid value: \"0\": cannot set non-empty completedIndexes when non-indexed completion mode")]
    [InlineData("""{"failed":1,"conditions":[{"type":"Failed","status":"True"}]}""", "status.conditions: Invalid value: cannot set Failed=True condition without the FailureTarget=true condition\nstatus.startTime: Required value: startTime is required for finished job")]
    [InlineData("""{"failed":1,"startTime":"2026-01-01T00:00:00Z","conditions":[{"type":"SuccessCriteriaMet","status":"True"},{"type":"Complete","status":"True"}]}""", "status.completionTime: Required value: completionTime is required for Complete jobs")]
    [InlineData("""{"failed":1,"startTime":"2026-01-01T00:00:02Z","completionTime":"2026-01-01T00:00:01Z","conditions":[{"type":"SuccessCriteriaMet","status":"True"},{"type":"Complete","status":"True"}]}""", "status.completionTime: Invalid value: \"2026-01-01T00:00:01Z\": completionTime cannot be set before startTime")]
    [InlineData("""{"failed":1,"startTime":"2026-01-01T00:00:00Z","completionTime":"2026-01-01T00:00:01Z","conditions":[{"type":"SuccessCriteriaMet","status":"True"},{"type":"Complete","status":"True"}]}""", "")]
    public void JobStatus_Change_MustMakeSense(string status, string faults)
    {
        var old = Create(Template);
        old["status"] = new JsonObject { ["failed"] = 1 };
        var job = Create(Template);
        job["status"] = JsonNode.Parse(status);

        Assert.Equal(faults, string.Join("\n", Strategies.Of("jobs").ValidateStatusUpdate(job, old)));
    }

    [Theory]
    [InlineData("True", "False", "")]
    [InlineData("False", "False", "status.startTime: Required value: startTime cannot be removed for unsuspended job")]
    public void JobStatus_StartTime_ChangesOnlyWhenAJobIsResumed(string suspended, string suspendedThen, string faults)
    {
        var (old, job) = (Create(Template), Create(Template));
        old["status"] = new JsonObject { ["startTime"] = "2026-01-01T00:00:00Z", ["conditions"] = Suspended(suspended) };
        job["status"] = new JsonObject { ["startTime"] = "2026-01-01T00:01:00Z", ["conditions"] = Suspended(suspendedThen) };

        Assert.Equal(faults, string.Join("\n", Strategies.Of("jobs").ValidateStatusUpdate(job, old)));

        static JsonArray Suspended(string status) => [new JsonObject { ["type"] = "Suspended", ["status"] = status }];
    }

    [Theory]
    [InlineData("*/5 * * * *", "")]
    [InlineData("0 0 1 JAN-MAR mon,WED", "")]
    [InlineData("@hourly", "")]
    [InlineData("@every 1h30m", "")]
    [InlineData("* * *", "expected exactly 5 fields, found 3: [* * *]")]
    [InlineData("*/0 * * * *", "step of range should be a positive number: */0")]
    [InlineData("60 * * * *", "end of range (60) above maximum (59): 60")]
    [InlineData("* * 0 * *", "beginning of range (0) below minimum (1): 0")]
    [InlineData("5-2 * * * *", "beginning of range (5) beyond end of range (2): 5-2")]
    [InlineData("x * * * *", "failed to parse int from x: strconv.Atoi: parsing \"x\": invalid syntax")]
    [InlineData("1/2/3 * * * *", "too many slashes: 1/2/3")]
    [InlineData("1-2-3 * * * *", "too many hyphens: 1-2-3")]
    [InlineData("@sometimes", "unrecognized descriptor: @sometimes")]
    [InlineData("TZ=UTC * * * * *", "cannot use TZ or CRON_TZ in schedule, use timeZone field instead")]
    public void CronJob_Schedule_IsReadAsUpstreamReadsIt(string schedule, string fault) => Assert.Equal(
        fault.Length == 0 ? "" : $"spec.schedule: Invalid value: \"{schedule}\": {fault}",
        Strategies.Faults("cronjobs", Cron($"\"schedule\":\"{schedule}\"")));

    [Theory]
    [InlineData("Europe/Berlin", "")]
    [InlineData("Etc/UTC", "")]
    [InlineData("", "timeZone must be nil or non-empty string")]
    [InlineData("Local", "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones")]
    [InlineData("Mars/Phobos", "unknown time zone Mars/Phobos")]
    [InlineData("../etc", "unknown time zone ../etc")]
    public void CronJob_TimeZone_IsOneOfTheWorld(string zone, string fault) => Assert.Equal(
        fault.Length == 0 ? "" : $"spec.timeZone: Invalid value: \"{zone}\": {fault}",
        Strategies.Faults("cronjobs", Cron($"\"schedule\":\"@daily\",\"timeZone\":\"{zone}\"")));

    [Fact]
    public void CronJob_LongName_IsRefusedOnCreateOnly()
    {
        var name = new string('a', 53);
        var json = Cron("\"schedule\":\"@daily\"").Replace("\"spec\":{\"schedule\"", $"\"metadata\":{{\"name\":\"{name}\"}},\"spec\":{{\"schedule\"", StringComparison.Ordinal);

        Assert.Equal($"metadata.name: Invalid value: \"{name}\": must be no more than 52 characters", Strategies.Faults("cronjobs", json));
        Assert.Empty(Strategies.UpdateFaults("cronjobs", json, json));
    }

    private static JsonObject Create(string spec)
    {
        var job = Strategies.Default("jobs", "{\"metadata\":{\"name\":\"j\",\"uid\":\"u1\"},\"spec\":{" + spec + "}}");
        Strategies.Of("jobs").PrepareForCreate(job);
        return job;
    }

    private static string Cron(string fields) => "{\"spec\":{" + fields + ",\"jobTemplate\":{\"spec\":{" + Template + "}}}}";
}
