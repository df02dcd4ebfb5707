namespace MiniKube.ApiServer.Tests.Resources;

/// <summary>Autoscalers, disruption budgets and priorities, in upstream's words.</summary>
public sealed class AutoscalingTests
{
    private const string Target = "\"scaleTargetRef\":{\"kind\":\"Deployment\",\"name\":\"d\"},\"maxReplicas\":3";

    [Theory]
    [InlineData("{}", "spec.maxReplicas: Invalid value: 0: must be greater than 0\nspec.maxReplicas: Invalid value: 0: must be greater than or equal to `minReplicas`\nspec.scaleTargetRef.kind: Required value\nspec.scaleTargetRef.name: Required value")]
    [InlineData("{" + Target + "}", "")]
    [InlineData("{" + Target + ",\"minReplicas\":0}", "spec.minReplicas: Invalid value: 0: must be greater than or equal to 1\nspec.metrics: Forbidden: must specify at least one Object or External metric to support scaling to zero replicas")]
    [InlineData("{" + Target + ",\"minReplicas\":4}", "spec.maxReplicas: Invalid value: 3: must be greater than or equal to `minReplicas`")]
    [InlineData("{" + Target + ",\"metrics\":[{\"type\":\"Resource\"}]}", "spec.metrics[0].resource: Required value: must populate information for the given metric source")]
    [InlineData("{" + Target + ",\"metrics\":[{\"type\":\"Resource\",\"resource\":{\"name\":\"cpu\",\"target\":{\"type\":\"Utilization\",\"averageUtilization\":0}}}]}", "spec.metrics[0].resource.target.averageUtilization: Invalid value: 0: must be greater than 0")]
    [InlineData("{" + Target + ",\"metrics\":[{\"type\":\"Resource\",\"resource\":{\"name\":\"cpu\",\"target\":{}}}]}", "spec.metrics[0].resource.target.type: Required value: must specify a metric target type\nspec.metrics[0].resource.target.type: Invalid value: \"\": must be either Utilization, Value, or AverageValue\nspec.metrics[0].resource.target.averageUtilization: Required value: must set either a target raw value or a target utilization")]
    [InlineData("{" + Target + ",\"metrics\":[{\"type\":\"Pods\",\"pods\":{\"metric\":{\"name\":\"m\"},\"target\":{\"type\":\"AverageValue\",\"averageValue\":\"1\"}},\"resource\":{}}]}", "spec.metrics[0].resource: Forbidden: must populate the given metric source only")]
    [InlineData("{" + Target + ",\"metrics\":[{\"type\":\"ContainerResource\",\"containerResource\":{\"name\":\"gpu\",\"container\":\"c\",\"target\":{\"type\":\"Utilization\",\"averageUtilization\":5}}}]}", "spec.metrics[0].containerResource.name: Invalid value: \"gpu\": must be a standard resource type or fully qualified\nspec.metrics[0].containerResource.name: Invalid value: \"gpu\": must be a standard resource for containers")]
    [InlineData("{" + Target + ",\"metrics\":[{\"type\":\"External\",\"external\":{\"metric\":{},\"target\":{\"type\":\"Value\",\"value\":\"0\"}}}]}", "spec.metrics[0].external.metric.name: Required value: must specify a metric name\nspec.metrics[0].external.target.value: Invalid value: \"0\": must be positive")]
    [InlineData("{" + Target + ",\"behavior\":{\"scaleDown\":{\"stabilizationWindowSeconds\":4000,\"policies\":[{\"type\":\"Some\",\"value\":0,\"periodSeconds\":1801}]}}}", "spec.behavior.scaleDown.stabilizationWindowSeconds: Invalid value: 4000: must be less than or equal to 3600\nspec.behavior.scaleDown.policies[0].type: Unsupported value: \"Some\": supported values: \"Percent\", \"Pods\"\nspec.behavior.scaleDown.policies[0].value: Invalid value: 0: must be greater than zero\nspec.behavior.scaleDown.policies[0].periodSeconds: Invalid value: 1801: must be less than or equal to 1800")]
    public void Autoscaler_Table_GivesUpstreamsText(string spec, string faults)
    {
        var strategy = Strategies.All.Single(s => s.Plural == "horizontalpodautoscalers" && s.Kind.Version == "v2");
        var scaler = Strategies.Parse("{\"spec\":" + spec + "}");
        strategy.ApplyDefaults(scaler);

        Assert.Equal(faults, string.Join("\n", strategy.Validate(scaler)));
    }

    [Theory]
    [InlineData("{" + Target + ",\"targetCPUUtilizationPercentage\":50}", "")]
    [InlineData("{" + Target + ",\"targetCPUUtilizationPercentage\":0}", "spec.metrics[0].resource.target.averageUtilization: Invalid value: 0: must be greater than 0")]
    [InlineData("{" + Target + ",\"minReplicas\":4}", "spec.maxReplicas: Invalid value: 3: must be greater than or equal to `minReplicas`")]
    public void Autoscaler_FirstVersion_MeetsTheSameRules(string spec, string faults)
    {
        var strategy = Strategies.All.Single(s => s.Plural == "horizontalpodautoscalers" && s.Kind.Version == "v1");
        var scaler = Strategies.Parse("{\"spec\":" + spec + "}");
        strategy.ApplyDefaults(scaler);

        Assert.Equal(faults, string.Join("\n", strategy.Validate(scaler)));
    }

    [Theory]
    [InlineData("""{"minAvailable":1,"selector":{}}""", "")]
    [InlineData("""{"minAvailable":1,"maxUnavailable":"50%"}""", "spec: Invalid value: {\"minAvailable\":1,\"maxUnavailable\":\"50%\"}: minAvailable and maxUnavailable cannot be both set")]
    [InlineData("""{"minAvailable":-1}""", "spec.minAvailable: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("""{"maxUnavailable":"150%"}""", "spec.maxUnavailable: Invalid value: \"150%\": must not be greater than 100%")]
    [InlineData("""{"unhealthyPodEvictionPolicy":"Sometimes"}""", "spec.unhealthyPodEvictionPolicy: Unsupported value: \"Sometimes\": supported values: \"AlwaysAllow\", \"IfHealthyBudget\"")]
    public void DisruptionBudget_Table_GivesUpstreamsText(string spec, string faults) =>
        Assert.Equal(faults, Strategies.Faults("poddisruptionbudgets", "{\"spec\":" + spec + "}"));

    [Fact]
    public void DisruptionBudget_Status_IsNotNegative() => Assert.Equal(
        "status.disruptionsAllowed: Invalid value: -1: must be greater than or equal to 0",
        Strategies.StatusFaults("poddisruptionbudgets", "{}", """{"status":{"disruptionsAllowed":-1}}"""));

    [Theory]
    [InlineData("""{"metadata":{"name":"a"},"value":5}""", "")]
    [InlineData("""{"metadata":{"name":"a"},"value":1000000001}""", "value: Forbidden: maximum allowed value of a user defined priority is 1000000000")]
    [InlineData("""{"metadata":{"name":"system-x"},"value":5}""", "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: system-x is not a known system priority class")]
    [InlineData("""{"metadata":{"name":"system-node-critical"},"value":5}""", "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: value of system-node-critical PriorityClass must be 2000001000")]
    [InlineData("""{"metadata":{"name":"a"},"value":5,"preemptionPolicy":"Some"}""", "preemptionPolicy: Unsupported value: \"Some\": supported values: \"PreemptLowerPriority\", \"Never\"")]
    public void PriorityClass_Table_GivesUpstreamsText(string obj, string faults) => Assert.Equal(faults, Strategies.Faults("priorityclasses", obj));

    [Fact]
    public void PriorityClass_Value_IsImmutable() => Assert.Equal(
        "value: Forbidden: may not be changed in an update.\npreemptionPolicy: Invalid value: \"Never\": field is immutable",
        Strategies.UpdateFaults("priorityclasses", """{"metadata":{"name":"a"},"value":5}""", """{"metadata":{"name":"a"},"value":6,"preemptionPolicy":"Never"}"""));

    [Theory]
    [InlineData("""{"handler":"runc"}""", "")]
    [InlineData("""{"handler":"Run_c"}""", "handler: Invalid value: \"Run_c\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')")]
    [InlineData("""{"handler":"a","overhead":{"podFixed":{"cpu":"-1"}}}""", "overhead.podFixed[cpu]: Invalid value: \"-1\": must be greater than or equal to 0")]
    public void RuntimeClass_Table_GivesUpstreamsText(string obj, string faults) => Assert.Equal(faults, Strategies.Faults("runtimeclasses", obj));
}
