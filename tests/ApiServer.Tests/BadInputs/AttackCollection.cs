namespace MiniKube.ApiServer.Tests.BadInputs;

[CollectionDefinition(Name)]
public sealed class AttackCollection : ICollectionFixture<AttackedServer>
{
    public const string Name = "attacked server";
}
