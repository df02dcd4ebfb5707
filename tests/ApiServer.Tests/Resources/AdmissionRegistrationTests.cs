namespace MiniKube.ApiServer.Tests.Resources;

/// <summary>Webhooks, admission policies, flow control and API services, in upstream's words.</summary>
public sealed class AdmissionRegistrationTests
{
    private const string Rest = "\"sideEffects\":\"None\",\"admissionReviewVersions\":[\"v1\"],\"clientConfig\":{\"url\":\"https://x.io/y\"}";
    private const string Rule = "{\"operations\":[\"CREATE\"],\"apiGroups\":[\"\"],\"apiVersions\":[\"v1\"],\"resources\":[\"pods\"]}";

    [Theory]
    [InlineData("{\"name\":\"a.b.c\"," + Rest + ",\"rules\":[" + Rule + "]}", "")]
    [InlineData("{\"name\":\"a.b\"," + Rest + "}", "webhooks[0].name: Invalid value: \"a.b\": should be a domain with at least three segments separated by dots")]
    [InlineData("{\"name\":\"a.b.c\"}", "webhooks[0].sideEffects: Required value: must specify one of None, NoneOnDryRun\nwebhooks[0].clientConfig: Required value: exactly one of url or service is required\nwebhooks[0].admissionReviewVersions: Required value: must specify one of v1, v1beta1")]
    [InlineData("{\"name\":\"a.b.c\"," + Rest + ",\"failurePolicy\":\"Some\",\"timeoutSeconds\":31}", "webhooks[0].failurePolicy: Unsupported value: \"Some\": supported values: \"Fail\", \"Ignore\"\nwebhooks[0].timeoutSeconds: Invalid value: 31: the timeout value must be between 1 and 30 seconds")]
    [InlineData("{\"name\":\"a.b.c\"," + Rest + ",\"rules\":[{\"operations\":[\"*\",\"CREATE\"],\"apiGroups\":[\"*\",\"x\"],\"apiVersions\":[\"\"],\"resources\":[]}]}", "webhooks[0].rules[0].operations: Invalid value: [\"*\",\"CREATE\"]: if '*' is present, must not specify other operations\nwebhooks[0].rules[0].apiGroups: Invalid value: [\"*\",\"x\"]: if '*' is present, must not specify other API groups\nwebhooks[0].rules[0].apiVersions[0]: Required value\nwebhooks[0].rules[0].resources: Required value")]
    [InlineData("""{"name":"a.b.c","sideEffects":"Some","admissionReviewVersions":["v2"],"clientConfig":{"url":"http://u@x.io/?q#f"}}""", "webhooks[0].sideEffects: Unsupported value: \"Some\": supported values: \"None\", \"NoneOnDryRun\"\nwebhooks[0].clientConfig.url: Invalid value: \"http\": 'https' is the only allowed URL scheme; desired format: https://host[/path]\nwebhooks[0].clientConfig.url: Invalid value: \"u\": user information is not permitted in the URL\nwebhooks[0].clientConfig.url: Invalid value: \"f\": fragments are not permitted in the URL\nwebhooks[0].clientConfig.url: Invalid value: \"q\": query parameters are not permitted in the URL\nwebhooks[0].admissionReviewVersions: Invalid value: [\"v2\"]: must include at least one of v1, v1beta1")]
    [InlineData("""{"name":"a.b.c","sideEffects":"None","admissionReviewVersions":["v1"],"clientConfig":{"service":{"path":"x//y"}}}""", "webhooks[0].clientConfig.service.name: Required value: service name is required\nwebhooks[0].clientConfig.service.namespace: Required value: service namespace is required\nwebhooks[0].clientConfig.service.path: Invalid value: \"x//y\": must start with a '/'\nwebhooks[0].clientConfig.service.path: Invalid value: \"x//y\": segment[0] may not be empty\nwebhooks[0].clientConfig.service.path: Invalid value: \"x//y\": segment[1] may not be empty")]
    public void Webhook_Table_GivesUpstreamsText(string webhook, string faults)
    {
        foreach (var resource in (string[])["validatingwebhookconfigurations", "mutatingwebhookconfigurations"])
        {
            Assert.Equal(faults, Strategies.Faults(resource, "{\"webhooks\":[" + webhook + "]}"));
        }
    }

    [Theory]
    [InlineData("{\"matchConstraints\":{\"resourceRules\":[" + Rule + "]},\"validations\":[{\"expression\":\"true\"}]}", "")]
    [InlineData("{}", "spec.matchConstraints: Required value\nspec.validations: Required value: validations or auditAnnotations must contain at least one item\nspec.auditAnnotations: Required value: validations or auditAnnotations must contain at least one item")]
    [InlineData("{\"matchConstraints\":{},\"validations\":[{\"expression\":\" \",\"message\":\"a\\nb\",\"reason\":\"Some\"}]}", "spec.matchConstraints.resourceRules: Required value\nspec.validations[0].expression: Required value: expression is not specified\nspec.validations[0].message: Invalid value: \"a\\nb\": message must not contain line breaks\nspec.validations[0].reason: Unsupported value: \"Some\": supported values: \"Forbidden\", \"Invalid\", \"RequestEntityTooLarge\"")]
    [InlineData("{\"paramKind\":{\"apiVersion\":\"a/b/c\"},\"matchConstraints\":{\"resourceRules\":[" + Rule + "]},\"validations\":[{\"expression\":\"true\"}]}", "spec.paramKind.apiVersion: Invalid value: \"a/b/c\": unexpected GroupVersion string: a/b/c\nspec.paramKind.kind: Required value")]
    public void Policy_Table_GivesUpstreamsText(string spec, string faults) =>
        Assert.Equal(faults, Strategies.Faults("validatingadmissionpolicies", "{\"metadata\":{\"name\":\"p\"},\"spec\":" + spec + "}"));

    [Theory]
    [InlineData("""{"policyName":"p","validationActions":["Deny"]}""", "")]
    [InlineData("""{}""", "spec.policyName: Required value\nspec.validationActions: Required value: at least one validation action is required")]
    [InlineData("""{"policyName":"p","validationActions":["Deny","Warn"],"paramRef":{"name":"n","selector":{}}}""", "spec.paramRef.name: Forbidden: name and selector are mutually exclusive\nspec.paramRef.parameterNotFoundAction: Required value\nspec.validationActions: Invalid value: [\"Deny\",\"Warn\"]: must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)")]
    public void Binding_Table_GivesUpstreamsText(string spec, string faults) =>
        Assert.Equal(faults, Strategies.Faults("validatingadmissionpolicybindings", "{\"spec\":" + spec + "}"));

    [Theory]
    [InlineData("""{"metadata":{"name":"a"},"spec":{"priorityLevelConfiguration":{"name":"p"}}}""", "")]
    [InlineData("""{"metadata":{"name":"a"},"spec":{"matchingPrecedence":1,"priorityLevelConfiguration":{}}}""", "spec.matchingPrecedence: Invalid value: 1: only the schema named 'exempt' may have matchingPrecedence 1\nspec.priorityLevelConfiguration.name: Required value: must reference a priority level")]
    [InlineData("""{"metadata":{"name":"a"},"spec":{"priorityLevelConfiguration":{"name":"p"},"rules":[{"subjects":[{"kind":"User"}],"nonResourceRules":[{"verbs":["get"],"nonResourceURLs":["x"]}]}]}}""", "spec.rules[0].subjects[0].user: Required value: user is required when subject kind is 'User'\nspec.rules[0].nonResourceRules[0].nonResourceURLs[0]: Invalid value: \"x\": must start with slash")]
    public void FlowSchema_Table_GivesUpstreamsText(string obj, string faults) => Assert.Equal(faults, Strategies.Faults("flowschemas", obj));

    [Theory]
    [InlineData("flowschemas", """{"metadata":{"name":"exempt"},"spec":{"matchingPrecedence":5,"priorityLevelConfiguration":{"name":"exempt"}}}""", "spec of 'exempt' must equal the fixed value")]
    [InlineData("prioritylevelconfigurations", """{"metadata":{"name":"catch-all"},"spec":{"type":"Limited","limited":{"limitResponse":{"type":"Reject"}}}}""", "spec of 'catch-all' must equal the fixed value")]
    public void FlowControl_Mandatory_MayNotBeChanged(string resource, string obj, string fault) => Assert.EndsWith(fault, Strategies.Faults(resource, obj));

    [Theory]
    [InlineData("""{"metadata":{"name":"a"},"spec":{"type":"Limited","limited":{"limitResponse":{"type":"Queue","queuing":{}}}}}""", "")]
    [InlineData("""{"metadata":{"name":"a"},"spec":{"type":"Exempt"}}""", "spec.type: Invalid value: \"Exempt\": type must be 'Exempt' if and only if name is 'exempt'")]
    [InlineData("""{"metadata":{"name":"a"},"spec":{"type":"Limited"}}""", "spec.limited: Required value: must not be empty when type is Limited")]
    [InlineData("""{"metadata":{"name":"a"},"spec":{"type":"Limited","limited":{"limitResponse":{"type":"Queue","queuing":{"queues":512,"handSize":8}}}}}""", "spec.limited.limitResponse.queuing.handSize: Invalid value: 8: required entropy bits of deckSize 512 and handSize 8 should not be greater than 60")]
    [InlineData("""{"metadata":{"name":"a"},"spec":{"type":"Limited","limited":{"limitResponse":{"type":"Queue","queuing":{"queues":4,"handSize":8}}}}}""", "spec.limited.limitResponse.queuing.handSize: Invalid value: 8: should not be greater than queues (4)")]
    public void PriorityLevel_Table_GivesUpstreamsText(string obj, string faults) => Assert.Equal(faults, Strategies.Faults("prioritylevelconfigurations", obj));

    [Theory]
    [InlineData("""{"metadata":{"name":"v1.g.io"},"spec":{"group":"g.io","version":"v1","groupPriorityMinimum":1000,"versionPriority":15}}""", "")]
    [InlineData("""{"metadata":{"name":"x"},"spec":{"group":"g.io","version":"v1","service":{}}}""", "metadata.name: Invalid value: \"x\": must be `spec.version+\".\"+spec.group`: \"v1.g.io\"\nspec.groupPriorityMinimum: Invalid value: 0: must be positive and less than 20000\nspec.versionPriority: Invalid value: 0: must be positive and less than 1000\nspec.service.namespace: Required value\nspec.service.name: Required value")]
    public void ApiService_Table_GivesUpstreamsText(string obj, string faults) => Assert.Equal(faults, Strategies.Faults("apiservices", obj));
}
