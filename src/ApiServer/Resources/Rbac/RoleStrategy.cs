using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Validation;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.Rbac;

internal sealed class RoleStrategy : ResourceStrategy<V1Role>
{
    public override bool AllowCreateOnUpdate => true;

    public override IEnumerable<string> ValidateName(string name) => Names.PathSegment(name);

    public override IEnumerable<FieldError> Validate(JsonObject obj) => Field.FaultsOf(obj, role => PolicyRuleChecks.Rules(role, isNamespaced: true));
}
